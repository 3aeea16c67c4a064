"""Why operations of a bulk request were refused, for the log: the request itself has status 200.

Only the first reasons are kept: a request can have thousands of operations, and most fail for the same reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from scim.errors import ScimError
from scim.schema.catalogue import Catalogue
from scim.service.bulk.request import BulkOperation
from scim.service.bulk.response import Outcome

MOST: Final = 5
"""The most refused operations of a request whose reasons are kept."""


@dataclass(slots=True)
class RefusedOperations:
    """Collects why operations of a request are refused; operations side by side are refused in any order."""

    catalogue: Catalogue
    _reasons: dict[int, Mapping[str, object]] = field(default_factory=dict)
    """The reasons of the first refused operations, by position."""
    _lock: Lock = field(default_factory=Lock)

    def note(self, operation: BulkOperation, error: ScimError) -> None:
        """Keep why an operation is refused, if it is one of the first in the client's order."""
        from scim.http.refusal import reason_of  # noqa: PLC0415 - needed only for refusals

        with self._lock:
            if len(self._reasons) == MOST and operation.position > max(self._reasons):
                return
            self._reasons[operation.position] = reason_of(error, self.catalogue)
            if len(self._reasons) > MOST:
                del self._reasons[max(self._reasons)]

    def summary(self, outcomes: Iterable[Outcome]) -> Mapping[str, object] | None:
        """Return the number of the refused operations and the first of them; None if none was refused."""
        refused = [outcome for outcome in outcomes if outcome.error is not None]
        refused.sort(key=lambda outcome: outcome.operation.position)
        first = [self._entry(outcome) for outcome in refused[:MOST]]
        return {"number": len(refused), "first": first} if refused else None

    def _entry(self, outcome: Outcome) -> dict[str, object]:
        operation = outcome.operation
        return {
            "position": operation.position,
            "operation": self._name(operation),
            "status": outcome.status,
            **self._reasons.get(operation.position, {"error": type(outcome.error).__name__}),
        }

    def _name(self, operation: BulkOperation) -> str:
        """Return method and path without what the client chose, like `operation` of a request's log line."""
        resource_type = self.catalogue.by_endpoint(operation.segment)
        endpoint = "/" if resource_type is None else resource_type.endpoint
        id_ = "" if resource_type is None or operation.id is None else "/{id}"
        return f"{operation.method or ''} {endpoint}{id_}".strip()
