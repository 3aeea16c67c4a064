"""Replays clients' conversations: the requests, the expected responses, and the values saved for later requests."""

import gzip
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from local.http import Answer

Ask = Callable[[str, str, Mapping[str, str], bytes], Answer]
"""Sends a method, a path below the base, headers and a body; returns the response."""

_STEP = re.compile(
    r"\.?(urn:[A-Za-z0-9:.\-]+?:[A-Za-z]+(?=$|\.|\[)|[^.\[]+)|\[(\d+)\]|\['([^']+)'\]"
)


Recorded = Mapping[str, Any]
"""A request: what it sends, the statuses that it accepts, its checks of the response (`check`, `hcheck`) and the values
that it saves for later requests (`save`).
"""


def recorded(conversation: Path) -> list[Recorded]:
    """Return the requests in a file, one a line."""
    return [json.loads(line) for line in conversation.read_text("utf-8").splitlines()]


def replayed(ask: Ask, requests: Iterable[Recorded], base: str, token: str) -> Iterator[str]:
    """Send a client's requests; yield what differs from the responses that the client expects."""
    memory = {"run": uuid.uuid4().hex[:8], "token": token, "base": base}
    for request in requests:
        for complaint in _complaints(ask, request, memory):
            yield f"{request['name']}: {complaint}"


def _complaints(ask: Ask, request: Recorded, memory: dict[str, str]) -> Iterator[str]:
    def filled(text: str) -> str:
        return re.sub(
            r"\{\{(\w+)\}\}",
            lambda m: str(uuid.uuid4()) if m[1] == "uuid" else memory[m[1]],
            text,
        )

    body = b"" if request["body"] is None else filled(json.dumps(request["body"])).encode()
    headers = {name: filled(value) for name, value in request["headers"].items()}
    answer = ask(request["method"], filled(request["path"]), headers, body)
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
