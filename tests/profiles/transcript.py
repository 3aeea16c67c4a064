"""A golden transcript: what a vendor's client sends, and the whole of what it expects.

A transcript is a JSON document below `tests/profiles/<profile>/`:

    {
      "rows": ["C4.3"],                        the rows of the product it shows
      "source": "POST User",                   where in the vendor's document, or why without one
      "scopes": ["users:view"],                what the token allows; all, where it is not said
      "subject": "userName:kim",               whose resource /Me is, if anybody's
      "tokens": {"other": {"scopes": […], "subject": "…"}},     more tokens, as `{other}`
      "steps": [{
        "request": {"method": "POST", "path": "{base}/users", "headers": {…}, "body": {…}},
        "response": {"status": 200, "headers": {…}, "body": {…}},
        "save": {"user": "/id"}                for later steps, as `{user}`; a JSON pointer
      }]
    }

`{base}` is the tenant's base URL without the host; `{token}` its token. A `text` in place of a
`body` is sent as it is. The answer's body must be the expected one, the order of members
included, but for `"<time>"`, `"<id>"`, `"<number>"` and `"<any>"`, which stand for a value, and
`{saved}`; with `contains` in place of `body` it may hold more members. A `null` header must not
be there, an absent body means there is none. Other members than these are refused: nothing would read them.
"""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_SAVED = re.compile(r"\{([a-zA-Z]\w*)\}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a token allows, and for whom."""

    scopes: tuple[str, ...]
    subject: str | None

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Bearer":
        return cls(tuple(said.get("scopes", ("*",))), said.get("subject"))


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation of a profile's client."""

    profile: str
    name: str
    rows: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    token: Bearer
    tokens: Mapping[str, Bearer]


def transcripts() -> list[Transcript]:
    """Return every transcript there is."""
    return [transcript_in(path) for path in sorted(HERE.glob("*/*.json"))]


def filled(value: Any, saved: Mapping[str, Any]) -> Any:
    """Return the value with what was saved put in; a string that is nothing else keeps its type."""
    match value:
        case str():
            alone = _SAVED.fullmatch(value)
            if alone is not None and alone[1] in saved:
                return saved[alone[1]]
            return _SAVED.sub(lambda found: str(saved.get(found[1], found[0])), value)
        case dict():
            return {filled(key, saved): filled(below, saved) for key, below in value.items()}
        case list():
            return [filled(below, saved) for below in value]
        case _:
            return value


def pointed(value: Any, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) points at."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def differences(expected: Any, given: Any, where: str, *, is_whole: bool) -> list[str]:
    """Return where an answer is another than the expected one."""
    match expected:
        case "<any>":
            return []
        case "<time>":
            is_time = isinstance(given, str) and _TIME.fullmatch(given)
            return [] if is_time else [f"{where}: {given!r} is no time"]
        case "<id>":
            return [] if isinstance(given, str) and given else [f"{where}: {given!r} is no id"]
        case "<number>":
            is_number = isinstance(given, int) and not isinstance(given, bool)
            return [] if is_number else [f"{where}: {given!r} is no number"]
        case dict():
            return _members(expected, given, where, is_whole=is_whole)
        case list():
            if not isinstance(given, list) or len(given) != len(expected):
                return [f"{where}: {given!r} instead of {expected!r}"]
            pairs = enumerate(zip(expected, given, strict=True))
            return [
                wrong
                for place, (one, other) in pairs
                for wrong in differences(one, other, f"{where}/{place}", is_whole=is_whole)
            ]
        case _:
            is_same = type(expected) is type(given) and expected == given
            return [] if is_same else [f"{where}: {given!r} instead of {expected!r}"]


def _members(expected: Mapping[str, Any], given: Any, where: str, *, is_whole: bool) -> list[str]:
    if not isinstance(given, dict):
        return [f"{where}: {given!r} instead of {expected!r}"]
    wrong = [f"{where}: {name} is missing" for name in expected if name not in given]
    if is_whole:
        wrong += [f"{where}: {name} is too much" for name in given if name not in expected]
        if not wrong and list(expected) != list(given):
            wrong.append(f"{where}: order {list(given)} instead of {list(expected)}")
    for name, below in expected.items():
        if name in given:
            wrong += differences(below, given[name], f"{where}/{name}", is_whole=is_whole)
    return wrong


def transcript_in(path: Path) -> Transcript:
    """Return the transcript in a file; raises ValueError for a missing or unknown member."""
    document = json.loads(path.read_text("utf-8"))
    where = f"{path.parent.name}/{path.name}"
    _require_members(document, where, {"rows", "source", "steps"}, {"scopes", "subject", "tokens"})
    for number, step in enumerate(document["steps"]):
        step_place = f"{where}: steps[{number}]"
        _require_members(step, step_place, {"request", "response"}, {"save"})
        request, response = step["request"], step["response"]
        _require_members(
            request, f"{step_place}.request", {"method", "path"}, {"headers", "body", "text"}
        )
        _require_members(
            response, f"{step_place}.response", {"status"}, {"headers", "body", "contains"}
        )
    return Transcript(
        path.parent.name,
        path.stem,
        tuple(document["rows"]),
        tuple(document["steps"]),
        Bearer.of(document),
        {name: Bearer.of(said) for name, said in document.get("tokens", {}).items()},
    )


def _require_members(
    value: Mapping[str, Any], where: str, needed: AbstractSet[str], others: AbstractSet[str]
) -> None:
    """Raise ValueError if the object lacks a member, or has one that nothing would read."""
    missing, unknown = needed - value.keys(), value.keys() - needed - others
    if missing or unknown:
        raise ValueError(f"{where}: missing {sorted(missing)}, unknown {sorted(unknown)}")
