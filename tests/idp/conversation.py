"""Conversations of clients, replayed: what is sent, what is expected, what is remembered."""

import gzip
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.gateway import Gateway

HOST = "http://127.0.0.1:8080"
_STEP = re.compile(
    r"\.?(urn:[A-Za-z0-9:.\-]+?:[A-Za-z]+(?=$|\.|\[)|[^.\[]+)|\[(\d+)\]|\['([^']+)'\]"
)


def replayed(gateway: Gateway, conversation: Path, mount: str, token: str) -> Iterator[str]:
    memory = {"run": uuid.uuid4().hex[:8], "token": token, "base": f"{HOST}{mount}"}
    for request in map(json.loads, conversation.read_text().splitlines()):
        for complaint in _complaints(gateway, request, mount, memory):
            yield f"{request['name']}: {complaint}"


def _complaints(
    gateway: Gateway, request: Mapping[str, Any], mount: str, memory: dict[str, str]
) -> Iterator[str]:
    def filled(text: str) -> str:
        return re.sub(
            r"\{\{(\w+)\}\}",
            lambda m: str(uuid.uuid4()) if m[1] == "uuid" else memory[m[1]],
            text,
        )

    body = b"" if request["body"] is None else filled(json.dumps(request["body"])).encode()
    headers = {name: filled(value) for name, value in request["headers"].items()}
    answer = gateway.handle(request["method"], mount + filled(request["path"]), headers, body)
    if answer.status not in request["expect_status"]:
        yield f"status {answer.status}, not {request['expect_status']}: {answer.body[:200]!r}"
        return
    sent = {name.lower(): value for name, value in answer.headers}
    raw = gzip.decompress(answer.body) if sent.get("content-encoding") == "gzip" else answer.body
    shown = json.loads(raw) if raw else None
    if shown is not None:
        for path, test, wanted in request.get("check", []):
            found = _at(shown, path)
            if not _holds(test, found, filled(wanted) if isinstance(wanted, str) else wanted):
                yield f"{path} {test} {wanted!r}, found {found!r}"
    for name, test, wanted in request.get("hcheck", []):
        if not _holds(test, sent.get(name.lower()), wanted):
            yield f"header {name} {test} {wanted!r}, found {sent.get(name.lower())!r}"
    for name, path in request.get("save", {}).items():
        memory[name] = _at(shown, path)


def _at(shown: Any, path: str) -> Any:
    for name, index, quoted in _STEP.findall(path.removeprefix("$")):
        if index:
            shown = (
                shown[int(index)] if isinstance(shown, list) and int(index) < len(shown) else None
            )
        else:
            shown = shown.get(name or quoted) if isinstance(shown, dict) else None
    return shown


def _holds(test: str, found: Any, wanted: Any) -> bool:
    match test:
        case "eq":
            return bool(found == wanted)
        case "exists":
            return found is not None
        case "absent":
            return found is None
        case "contains":
            return found is not None and wanted in found
        case "len":
            return isinstance(found, list) and len(found) == wanted
        case "int":
            return isinstance(found, int) and not isinstance(found, bool)
        case "emptyish":
            return not found
        case _:
            raise ValueError(f"the conversations know no test {test}")
