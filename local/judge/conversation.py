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

_PLACE = re.compile(r"\{\{(\w+)\}\}")
"""The place of a saved value in a text, such as `{{user}}`."""
_STEP = re.compile(
    r"\.?(urn:[A-Za-z0-9:.\-]+?:[A-Za-z]+(?=$|\.|\[)|[^.\[]+)|\[(\d+)\]|\['([^']+)'\]"
)


_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, wanted: bool(found == wanted),
    "exists": lambda found, _: found is not None,
    "absent": lambda found, _: found is None,
    "contains": lambda found, wanted: found is not None and wanted in found,
    "len": lambda found, wanted: isinstance(found, list) and len(found) == wanted,
    "int": lambda found, _: isinstance(found, int) and not isinstance(found, bool),
    "emptyish": lambda found, _: not found,
}
"""The tests of a found value, by the names that checks have for them."""

Recorded = Mapping[str, Any]
"""A request: what it sends, the statuses that it accepts, its checks of the response (`check`, `hcheck`) and the values
that it saves for later requests (`save`). After a response without a body, `check` reads the resource at the path.
"""
_NEEDED = frozenset({"name", "method", "path", "headers", "body", "expect_status"})
_NOTES = frozenset({"expect_note", "proof", "class", "source"})
_KNOWN = _NEEDED | _NOTES | {"check", "hcheck", "save"}


class InvalidRecordError(ValueError):
    """A line of a conversation is no request; the message names file, line and what is wrong."""


def recorded(conversation: Path) -> list[Recorded]:
    """Return the requests in a file, one a line. Raises InvalidRecordError."""
    lines = conversation.read_text("utf-8").splitlines()
    return [_request_in(line, f"{conversation.name}:{n}") for n, line in enumerate(lines, 1)]


def _request_in(line: str, where: str) -> Recorded:
    try:
        request: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise InvalidRecordError(f"{where}: not JSON: {error}") from error
    for problem, names in (
        ("missing", _NEEDED - request.keys()),
        ("unknown", request.keys() - _KNOWN),
        ("unknown tests", {test for _, test, _ in _checks_in(request)} - _TESTS.keys()),
    ):
        if names:
            raise InvalidRecordError(f"{where}: {problem}: {', '.join(sorted(names))}")
    return request


def _checks_in(request: Recorded) -> list[Any]:
    return [*request.get("check", []), *request.get("hcheck", [])]


def replayed(ask: Ask, requests: Iterable[Recorded], base: str, token: str) -> Iterator[str]:
    """Send a client's requests; yield what differs from the responses that the client expects."""
    memory = {"run": uuid.uuid4().hex[:8], "token": token, "base": base}
    for request in requests:
        unsaved = {*_PLACE.findall(json.dumps(request))} - memory.keys() - {"uuid"}
        if unsaved:
            yield f"{request['name']}: not sent: no request saved {', '.join(sorted(unsaved))}"
            continue
        for complaint in _complaints(ask, request, memory):
            yield f"{request['name']}: {complaint}"


def _complaints(ask: Ask, request: Recorded, memory: dict[str, str]) -> Iterator[str]:
    def filled(text: str) -> str:
        return _PLACE.sub(
            lambda m: str(uuid.uuid4()) if m[1] == "uuid" else memory[m[1]],
            text,
        )

    body = b"" if request["body"] is None else filled(json.dumps(request["body"])).encode()
    headers = {name: filled(value) for name, value in request["headers"].items()}
    answer = ask(request["method"], filled(request["path"]), headers, body)
    if answer.status not in request["expect_status"]:
        yield f"status {answer.status}, not {request['expect_status']}: {answer.body[:200]!r}"
        return
    sent, shown = _headers_of(answer), _json_of(answer)
    resource = shown
    if request.get("check") and shown is None:
        reading = ask("GET", filled(request["path"]), headers, b"")
        resource = _json_of(reading)
        if reading.status != 200:
            yield f"no body; reading: status {reading.status}: {reading.body[:200]!r}"
            return
    for path, test, wanted in request.get("check", []):
        found = _at(resource, path)
        if not _TESTS[test](found, filled(wanted) if isinstance(wanted, str) else wanted):
            yield f"{path} {test} {wanted!r}, found {found!r}"
    for name, test, wanted in request.get("hcheck", []):
        if not _TESTS[test](sent.get(name.lower()), wanted):
            yield f"header {name} {test} {wanted!r}, found {sent.get(name.lower())!r}"
    yield from _unsaved(request, shown, memory)


def _unsaved(request: Recorded, shown: Any, memory: dict[str, str]) -> Iterator[str]:
    """Remember what later requests need of a response; yield what is not there."""
    for name, path in request.get("save", {}).items():
        value = _at(shown, path)
        if value is None:
            yield f"nothing at {path} to save as {name}"
        else:
            memory[name] = str(value)


def _headers_of(answer: Answer) -> Mapping[str, str]:
    return {name.lower(): value for name, value in answer.headers}


def _json_of(answer: Answer) -> Any:
    is_packed = _headers_of(answer).get("content-encoding") == "gzip"
    text = gzip.decompress(answer.body) if is_packed else answer.body
    return json.loads(text) if text else None


def _at(shown: Any, path: str) -> Any:
    for name, index, quoted in _STEP.findall(path.removeprefix("$")):
        if index:
            shown = (
                shown[int(index)] if isinstance(shown, list) and int(index) < len(shown) else None
            )
        else:
            shown = shown.get(name or quoted) if isinstance(shown, dict) else None
    return shown
