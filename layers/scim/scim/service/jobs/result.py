"""The result of a step as it is kept, and the entry of a BulkResponse made of it."""

from collections.abc import Mapping
from typing import Final

from scim.resource.etag import etag_of
from scim.service.bulk.request import Operation
from scim.service.bulk.response import Outcome

CREATE, UPDATE, DELETE = "create", "update", "delete"
UNCHANGED, ERROR = "unchanged", "error"
_SHOWN = ("location", "method", "bulkId", "version", "status", "response", "line", "effect")
"""The members of an entry, in the order in which an outcome shows them; the last two are those of
an operation from a file."""
IMAGINED: Final = "imagined"
"""What a rehearsed creation would have made: its type and its body."""
_OF_THE_MADE = {"location", "version"}


def content_of(outcome: Outcome) -> dict[str, object]:
    """Return what is kept of an outcome; a version the store gives comes back with it."""
    content = outcome.json()
    if outcome.id is not None:
        content["id"] = outcome.id
    if outcome.is_unlinked:
        content["unlinked"] = True
    if outcome.operation.line is not None:
        content["line"] = outcome.operation.line
        content["effect"] = UNCHANGED if outcome.error is None else ERROR
    return content


def entry_of(content: Mapping[str, object]) -> dict[str, object]:
    """Return the operation's entry in a BulkResponse."""
    shown = {**content, "version": _etag(content)}
    left_out = _OF_THE_MADE if IMAGINED in content else set()
    return {
        name: shown[name] for name in _SHOWN if shown.get(name) is not None and name not in left_out
    }


def outcome_of(operation: Operation, content: Mapping[str, object]) -> Outcome:
    """Return the outcome of a creation that succeeded, from what is kept of it."""
    return Outcome(
        operation,
        int(str(content["status"])),
        location=str(content["location"]),
        version=_etag(content),
        id=str(content["id"]),
        is_unlinked="unlinked" in content,
    )


def is_error(content: Mapping[str, object]) -> bool:
    """Tell whether the step was refused."""
    return "response" in content


def _etag(content: Mapping[str, object]) -> str | None:
    match content.get("version"):
        case int(version):
            return etag_of(version)
        case str(etag):
            return etag
        case _:
            return None
