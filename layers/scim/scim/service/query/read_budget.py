"""The limit on what a query may read and parse before it is refused."""

from collections.abc import Sequence

from scim.errors import TooMany
from scim.resource.budget import ENTRY, RequestBudget, cost_of_reading, cost_of_testing
from scim.resource.record import Record
from scim.schema.resource_type import ResourceType


class ReadBudget:
    """Counts the items that a query reads; more than `limit` are too many.

    The cost of reading and parsing them is counted in comparisons, together with those of the
    `request`, whose budget limits CPU time.
    """

    def __init__(self, limit: int, request: RequestBudget | None = None) -> None:
        self._limit = limit
        self._request = request or RequestBudget()
        self.items = 0

    def add(self, number: int, resource_type: ResourceType) -> None:
        """Count index entries of a type. Raises TooMany with advice how to narrow the query."""
        self._count(number, ENTRY * number, resource_type)

    def read(self, records: Sequence[Record], resource_type: ResourceType) -> None:
        """Count resources of a type. Raises TooMany with advice how to narrow the query."""
        self._count(len(records), cost_of_reading(records), resource_type)

    def look_up(self, records: Sequence[Record], resource_type: ResourceType) -> None:
        """Count resources found through index entries, which are already counted as items.

        Raises TooMany with advice how to narrow the query.
        """
        self._count(0, cost_of_reading(records), resource_type)

    def look_into(self, record: Record, resource_type: ResourceType) -> None:
        """Count a resource that is about to be parsed. Raises TooMany as the others do."""
        self._count(0, cost_of_testing(record), resource_type)

    def compare(self, number: int, resource_type: ResourceType) -> None:
        """Count comparisons of values with a filter's terms. Raises TooMany as the others do."""
        self._count(0, number, resource_type)

    def _count(self, items: int, comparisons: int, resource_type: ResourceType) -> None:
        self.items += items
        if self.items > self._limit:
            raise TooMany(
                f"The query would read more than {self._limit} items of {resource_type.name};"
                f" {_narrower(resource_type)}"
            )
        if not self._request.has_room(comparisons):
            raise _too_many(resource_type.name, _narrower(resource_type))


def require_room(request: RequestBudget, comparisons: int, name: str, advice: str) -> None:
    """Count comparisons of a query about a type. Raises TooMany with advice what to ask instead."""
    if not request.has_room(comparisons):
        raise _too_many(name, advice)


def require_room_for(
    request: RequestBudget, records: Sequence[Record], name: str, advice: str
) -> None:
    """Count the cost of reading resources of a type. Raises TooMany as `require_room` does."""
    require_room(request, cost_of_reading(records), name, advice)


def _too_many(name: str, advice: str) -> TooMany:
    return TooMany(f"The query would look at more of {name} than one request may; {advice}")


def _narrower(resource_type: ResourceType) -> str:
    indexed = ", ".join(["id", *(index.attribute for index in resource_type.indexes)])
    return f"narrow it by one of: {indexed}; or let the operator index what it asks for."
