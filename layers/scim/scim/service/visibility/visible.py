"""A cache of what one request knows about visible resources, so that nothing is read twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scim.errors import TooMany
from scim.resource.budget import RequestBudget, cost_of_reading, cost_of_testing
from scim.resource.record import Key, Link, Record
from scim.service.ports import Reads

if TYPE_CHECKING:
    from scim.service.visibility.filters import TokenFilters

Narrow = Callable[[Link, frozenset[str]], frozenset[str]]
"""Returns the visible ids of a link."""


class VisibleLinks(Mapping[Link, frozenset[str]]):
    """The stored links without the ids that are invisible."""

    def __init__(self, stored: Mapping[Link, frozenset[str]], narrow: Narrow) -> None:
        self.stored = stored
        self._narrow = narrow

    def __getitem__(self, link: Link) -> frozenset[str]:
        return self._narrow(link, self.stored[link])

    def __iter__(self) -> Iterator[Link]:
        return iter(self.stored)

    def __len__(self) -> int:
        return len(self.stored)


class VisibilityCache:
    """Knows which resources of a directory are visible. Raises TooMany after reading too many invisible ones.

    The cost of reading and testing them is counted in the request's budget, if there is one.
    """

    def __init__(
        self,
        directory: Reads,
        filters: "TokenFilters",
        most: int,
        budget: RequestBudget | None = None,
    ) -> None:
        self._directory = directory
        self._filters = filters
        self._most = most
        self._budget = budget
        self._invisible = 0
        self._known: dict[Key, bool] = {}

    def visible_records(self, tenant: str, records: Iterable[Record]) -> list[Record]:
        """Return the visible records, with only the visible ids of their back links."""
        visible: list[Record] = []
        for record in records:
            is_visible = self._known[record.key] = self._filters.holds(record)
            if is_visible:
                visible.append(record)
                if self._is_filtered(record.key.type):
                    self._spend(cost_of_testing(record))
            else:
                self._count_invisible([record])
        return self._narrowed(tenant, visible)

    def visible_keys(self, tenant: str, keys: Iterable[Key]) -> frozenset[Key]:
        """Return the keys of visible resources; reads nothing for types that are wholly visible."""
        all_keys = frozenset(keys)
        unknown_keys = [
            key for key in all_keys if key not in self._known and self._is_filtered(key.type)
        ]
        if unknown_keys:
            records = self._directory.read_many(tenant, sorted(unknown_keys))
            for key in unknown_keys:
                self._known[key] = key in records and self._filters.holds(records[key])
            self._count_invisible(
                [records[key] for key in unknown_keys if key in records and not self._known[key]]
            )
            self._spend(sum(_cost_of(records[key]) for key in unknown_keys if self._known[key]))
        return frozenset(
            key for key in all_keys if self._known.get(key, self._filters.sees_all(key.type))
        )

    def note(self, key: Key) -> None:
        """Record that a new resource is visible."""
        self._known[key] = True

    def _narrowed(self, tenant: str, records: list[Record]) -> list[Record]:
        """Return the records with links whose targets are read, all at once, when somebody needs one."""
        keys_with_links = {record.key for record in records if self._has_narrow_links(record)}
        linked_keys = [
            Key(link.type, id_)
            for record in records
            if record.key in keys_with_links
            for link, ids in record.links.items()
            for id_ in ids
        ]

        def narrow(link: Link, ids: frozenset[str]) -> frozenset[str]:
            keys = [Key(link.type, id_) for id_ in ids]
            if any(key not in self._known for key in keys):
                self.visible_keys(tenant, linked_keys)
            return frozenset(key.id for key in self.visible_keys(tenant, keys))

        return [
            replace(record, links=VisibleLinks(record.links, narrow))
            if record.key in keys_with_links
            else record
            for record in records
        ]

    def _has_narrow_links(self, record: Record) -> bool:
        return not all(self._filters.sees_all(link.type) for link in record.links)

    def _is_filtered(self, type_name: str) -> bool:
        return not self._filters.sees_all(type_name) and not self._filters.sees_none(type_name)

    def _count_invisible(self, records: Sequence[Record]) -> None:
        self._invisible += len(records)
        if self._invisible > self._most:
            raise TooMany(f"More than {self._most} resources would have to be read; ask for less.")
        self._spend(sum(map(_cost_of, records)))

    def _spend(self, comparisons: int) -> None:
        if self._budget is not None and not self._budget.has_room(comparisons):
            raise TooMany(
                "More resources would have to be read than one request may; ask for less."
            )


def _cost_of(record: Record) -> int:
    return cost_of_reading([record]) + cost_of_testing(record)
