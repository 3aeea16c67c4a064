"""The progress of a setup, from the requests that the provider really sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_REFUSED = 400
Entry = Mapping[str, Any]
"""One request as the request log keeps it."""


def progress_of(entries: Iterable[Entry]) -> dict[str, dict[str, object]]:
    """Return, for each step seen, whether it was served, when, and in which request; a served one wins.

    The steps of a working provider are a test call, a look-up, a user created, one deactivated, a group. A dry run
    is only a test call.
    """
    steps: dict[str, dict[str, object]] = {}
    for entry in entries:
        for step in _steps(entry):
            is_served = int(entry.get("status") or 0) < _REFUSED
            if step not in steps or (is_served and not steps[step]["served"]):
                sent_at, number = entry.get("at"), entry.get("number")
                steps[step] = {"served": is_served, "at": sent_at, "number": number}
    return steps


def refusals_in(entries: Iterable[Entry]) -> list[dict[str, object]]:
    """Return the refused requests, newest last, each with the reason, the attribute and the rule.

    A bulk request stands for the first operations of it that were refused.
    """
    return [refusal for entry in entries for refusal in _refusals(entry)]


def _refusals(entry: Entry) -> Iterator[dict[str, object]]:
    operations = entry.get("refusedOperations") or {}
    for operation in operations.get("first", ()):
        shown = {name: operation[name] for name in ("operation", "status")}
        yield refusal_of({**entry, **shown, "refused": operation})
    if not operations and int(entry.get("status") or 0) >= _REFUSED:
        yield refusal_of(entry)


def refusal_of(entry: Entry) -> dict[str, object]:
    """Return a refused request in the form that the pages show."""
    refusal = entry.get("refused") or {}
    request = {name: entry.get(name) for name in ("number", "at", "operation", "status", "client")}
    reason = {name: refusal.get(name) for name in ("scimType", "attribute", "rule")}
    return {name: value for name, value in {**request, **reason}.items() if value}


def refusals_by_kind(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """Return one refusal of each kind, the last one, with their number in `times`."""
    kinds = ("operation", "status", "scimType", "attribute", "rule")
    refusals = refusals_in(entries)
    counts = Counter(tuple(refusal.get(name) for name in kinds) for refusal in refusals)
    last = {tuple(refusal.get(name) for name in kinds): refusal for refusal in refusals}
    return [{**last[kind], "times": times} for kind, times in counts.most_common()]


def _steps(entry: Entry) -> Iterable[str]:
    method, _, path = str(entry.get("operation") or "").partition(" ")
    endpoint = path.removeprefix("/").partition("/")[0].lower()
    if int(entry.get("status") or 0) < _REFUSED:
        yield "test"
    if entry.get("dryRun"):
        return
    if method == "GET" and entry.get("filter"):
        yield "lookUp"
    if endpoint == "users":
        if method == "POST":
            yield "create"
        if method == "DELETE" or entry.get("deactivates") or _sets_inactive(entry):
            yield "deactivate"
    if endpoint == "groups" and method in ("POST", "PUT", "PATCH"):
        yield "group"


def _sets_inactive(entry: Entry) -> bool:
    """Return whether one of the plain operations of a PATCH sets `active` to false."""
    for operation in entry.get("operations") or ():
        path, value = operation.get("path"), operation.get("value")
        if path == "active" and _is_false(value):
            return True
        if path is None and isinstance(value, Mapping) and _is_false(value.get("active")):
            return True
    return False


def _is_false(value: object) -> bool:
    """Return whether the value is false, also in the spelling of Entra ID (`"False"`)."""
    return str(value).lower() == "false"
