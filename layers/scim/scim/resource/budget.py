"""How much work one request may cause where two bounded numbers multiply.

What a query reads is counted too: `READ`, `TESTED` and `ENTRY` are in comparisons, as measured
(docs/decisions/0090-reading-is-counted-too.md).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from scim.errors import PayloadTooLarge, TooMany, Unavailable
from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at
from scim.resource.record import Record
from scim.schema.resource_type import AttributeRef, ResourceType

COMPARISONS: Final = 400_000
VALUES: Final = 1000

ENTRY: Final = 3
READ: Final = 10
"""What it takes to read an index entry, and a resource whose body nobody looks into."""
READ_CHARACTERS: Final = 200
"""How many characters of a body it takes one more to inflate."""
READ_LINKS: Final = 3
"""How many ids of its back links it takes one more to read."""
TESTED: Final = 4
"""What it takes to look into a resource that has been read."""
TESTED_CHARACTERS: Final = 80
"""How many characters of a body it takes one more to parse."""
FOLDED_CHARACTERS: Final = 40
"""How many characters of a text that is not ASCII it takes one more to compare."""


def cost_of_reading(records: Sequence[Record]) -> int:
    """Return the comparisons that reading resources takes as long as."""
    return READ * len(records) + sum(
        [each.linked // READ_LINKS + len(each.text) // READ_CHARACTERS for each in records]
    )


def cost_of_testing(record: Record) -> int:
    """Return the comparisons that looking into a resource takes as long as, a filter's terms apart."""
    return TESTED + len(record.text) // TESTED_CHARACTERS


def values_in(value: object) -> int:
    """Return the comparisons that one term of a filter takes with a value, or with a resource.

    Of several values each counts, of their parts the one with the most; a long text counts as several.
    """
    if isinstance(value, str):
        is_quick = len(value) < FOLDED_CHARACTERS or value.isascii()
        return 1 if is_quick else 1 + len(value) // FOLDED_CHARACTERS
    if isinstance(value, list | tuple):
        return sum(map(values_in, value))
    if isinstance(value, dict):
        return max(map(values_in, value.values()), default=1)
    return 1


def never() -> bool:
    """Return that the answer is not due: nobody waits for it."""
    return False


class RequestBudget:
    """Counts the comparisons of a request, and knows how many values an attribute may have.

    A comparison is one term of a filter tried on one value, or what takes as long: each takes
    2 to 4 µs. `is_late` tells that the answer is due.
    """

    def __init__(
        self,
        comparisons: int = COMPARISONS,
        values: int = VALUES,
        is_late: Callable[[], bool] = never,
    ) -> None:
        self._most = comparisons
        self._values = values
        self._is_late = is_late
        self.compared = 0
        self._counted: set[str] = set()

    def compare(self, number: int) -> None:
        """Count comparisons before they are made. Raises TooMany when they are more than are left."""
        if not self.has_room(number):
            raise TooMany(
                f"The request needs more than {self._most} comparisons;"
                " send fewer operations at once, or filters with fewer terms."
            )

    def has_room(self, number: int) -> bool:
        """Count comparisons before they are made; tell whether they were left."""
        self.compared += number
        return self.compared <= self._most

    def compare_once(self, shape: str, number: int) -> None:
        """Count comparisons that are made at the first of all filters of one shape."""
        if shape not in self._counted:
            self._counted.add(shape)
            self.compare(number)

    def require_few(self, where: str, before: int, after: int) -> None:
        """Refuse more values of an attribute than there may be, unless there were as many before."""
        if after > max(before, self._values):
            raise PayloadTooLarge(f"{where} has {after} values; at most {self._values} are taken.")

    def require_time(self) -> None:
        """Raise Unavailable when the answer is due: nothing has been stored yet."""
        if self._is_late():
            raise Unavailable("The time for one request was over; send less at once.")

    def require_few_values(
        self,
        resource_type: ResourceType,
        body: Mapping[str, object],
        before: Mapping[str, object] | None = None,
    ) -> None:
        """Refuse a canonical body in which an attribute has more values than it may have.

        What had as many before the change keeps them: the bound may be younger than the resource.
        """
        for where, length in _lengths(resource_type, body):
            if length > self._values:
                held = {} if before is None else dict(_lengths(resource_type, before))
                self.require_few(where, held.get(where, 0), length)


def _lengths(resource_type: ResourceType, body: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Yield how many values each multi-valued attribute has, and the most any part of one has."""
    for place, container, name, parts in _with_values(resource_type):
        if (container or name) not in body:
            continue
        held = value_at(body, container, name)
        if held is None:
            continue
        if isinstance(held, list):
            yield place, len(held)
        elements = held if isinstance(held, list) else [held]
        for part_place, part in parts:
            values = [each.get(part) for each in elements if isinstance(each, Mapping)]
            yield (
                part_place,
                max([len(each) for each in values if isinstance(each, list)], default=0),
            )


@lru_cache(maxsize=REMEMBERED)
def _with_values(
    resource_type: ResourceType,
) -> Sequence[tuple[str, str | None, str, Sequence[tuple[str, str]]]]:
    """Return where there may be many values, with the parts of which there may be many in one."""
    return [
        (
            str(AttributeRef(container, each)),
            container,
            each.name,
            [
                (str(AttributeRef(container, each, sub)), sub.name)
                for sub in each.sub_attributes
                if sub.multi_valued
            ],
        )
        for container, each in attributes_of(resource_type)
        if each.multi_valued or any(sub.multi_valued for sub in each.sub_attributes)
    ]
