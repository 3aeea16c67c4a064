"""The outcome of an operation, and the BulkResponse with all of them (RFC 7644 section 3.7.3)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock
from typing import Final, Self

from scim.compact import carried_bytes
from scim.errors import (
    ERROR_URN,
    Conflict,
    PayloadTooLarge,
    ScimError,
    TooManyRequests,
    Unavailable,
)
from scim.patch.operation import MOST_REASONS
from scim.profile import Tolerance
from scim.schema.message_uri import BULK_RESPONSE_URN
from scim.service.bulk.request import BulkOperation
from scim.service.endpoint import Bounds
from scim.service.resources.json_text import as_spliced

SHORT_RESULT: Final = 400
"""The bytes of an operation's result without what a GET found: its location, its version, an error."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one operation; `error` is None if it succeeded.

    `id` is that of a resource it created; `is_unlinked` tells that references of that resource
    are still incomplete; `shown` is what a GET found; `ignored` lists what was ignored, and why.
    """

    operation: BulkOperation
    status: int
    location: str | None = None
    version: str | None = None
    error: ScimError | None = None
    id: str | None = None
    is_unlinked: bool = False
    tolerated: frozenset[Tolerance] = frozenset()
    shown: Mapping[str, object] | None = None
    ignored: tuple[str, ...] = ()

    def without_links(self, error: ScimError) -> "Outcome":
        """Return the outcome of a creation whose links failed: an error with the location of the resource."""
        detail = (
            "The resource was created, but without the references that close a circle;"
            f" complete it at its location. {error.detail}"
        )
        return replace(self, status=Conflict.status, error=Conflict(detail), is_unlinked=False)

    def json(self) -> dict[str, object]:
        """Return the operation's entry in a BulkResponse."""
        entry: dict[str, object] = {}
        if self.location is not None:
            entry["location"] = self.location
        if self.operation.method is not None:
            entry["method"] = self.operation.method
        if self.operation.bulk_id is not None:
            entry["bulkId"] = self.operation.bulk_id
        if self.version is not None:
            entry["version"] = self.version
        entry["status"] = str(self.status)
        if self.error is not None:
            entry["response"] = self.error.body()
        elif self.shown is not None:
            entry["response"] = self.shown
        return entry


@dataclass(slots=True)
class ResponseRoom:
    """The bytes that the results of GET operations may still take in a response.

    The other results are short, and there is always room for them.
    """

    left: int
    vain_reads_left: int
    """The bytes of results without room after which nothing more is read."""
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, bounds: Bounds, operations: int) -> Self:
        """Return the room beside the other results of a request with so many operations."""
        room = bounds.content_bytes - SHORT_RESULT * operations
        return cls(room, room)

    def taken_by(self, find: Callable[[], Outcome]) -> Outcome:
        """Return what a GET operation finds. Raises PayloadTooLarge if the response has no room for it.

        Nothing more is read once there is no room at all, or once as much was read in vain: a large resource for
        each of a thousand operations takes seconds. Of operations side by side, each takes its own part.
        """
        if min(self.left, self.vain_reads_left) <= 0:
            raise _no_room()
        answer = find()
        if answer.shown is None:
            return answer
        size = carried_bytes(as_spliced(answer.shown).text)
        with self.lock:
            if size > self.left:
                self.vain_reads_left -= size
                raise _no_room()
            self.left -= size
        return answer


def _no_room() -> PayloadTooLarge:
    return PayloadTooLarge(
        "The response has no room for this result beside the others; ask for it in another request."
    )


def passed_over(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Return what was ignored in some of the operations, and why: names, never values."""
    notes = (
        f"Operations[{outcome.operation.position}]: {reason}"
        for outcome in outcomes
        for reason in outcome.ignored
    )
    return tuple(islice(notes, MOST_REASONS))


def failed(operation: BulkOperation, error: ScimError, location: str | None = None) -> Outcome:
    """Return the outcome of an operation that changed nothing.

    The error forgets where it was raised: its traceback would keep what the operation has read in memory
    until the end of the request. Of an error that passes, the cause remains for the log.
    """
    cause = error.__cause__ if isinstance(error, TooManyRequests | Unavailable) else None
    if cause is not None:
        cause.__cause__ = cause.__context__ = None
        cause.with_traceback(None)
    error.__cause__, error.__context__ = cause, None
    return Outcome(operation, error.status, location, error=error.with_traceback(None))


def stopped_response_of(
    outcomes: Iterable[Outcome], status: int, fail_on_errors: int
) -> dict[str, object]:
    """Return the response to a request that fails because failOnErrors was reached.

    It is an error of the given status with the results so far.
    """
    bulk_response = response_of(outcomes)
    return {
        "schemas": [BULK_RESPONSE_URN, ERROR_URN],
        "status": str(status),
        "detail": f"failOnErrors ({fail_on_errors}) was reached; what follows was not done.",
        "Operations": bulk_response["Operations"],
    }


def response_of(outcomes: Iterable[Outcome]) -> dict[str, object]:
    """Return the BulkResponse, with its entries in the order of the client's operations."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.operation.position)
    return {
        "schemas": [BULK_RESPONSE_URN],
        "Operations": [outcome.json() for outcome in ordered],
    }
