"""The budget of a request: limits its work where two limited numbers multiply.

A query's reads count too: `READ`, `TESTED` and `ENTRY` are their measured costs in comparisons
(docs/decisions/0090-reading-is-counted-too.md).
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from scim.errors import PayloadTooLarge, TooMany, Unavailable
from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at
from scim.resource.record import Record
from scim.schema.resource_type import AttributeRef, ResourceType

MOST_COMPARISONS: Final = 400_000
MOST_VALUES: Final = 1000

ENTRY: Final = 3
READ: Final = 10
"""The comparisons for reading an index entry, and for reading a resource without parsing its body."""
READ_CHARACTERS: Final = 200
"""The characters of a body that add one comparison for decompression."""
READ_LINKS: Final = 3
"""The ids in back links that add one comparison for reading."""
TESTED: Final = 4
"""The comparisons for testing a resource that has been read."""
TESTED_CHARACTERS: Final = 80
"""The characters of a body that add one comparison for parsing."""
SEARCHED_CHARACTERS: Final = 8000
"""The characters of a body that add one comparison for each term that is searched for in the body's text."""
FOLDED_CHARACTERS: Final = 20
"""The characters of a text that is not ASCII, decomposed, that add one comparison for folding."""
_PIECE: Final = 256


def cost_of_reading(records: Sequence[Record]) -> int:
    """Return the cost of reading resources, in comparisons."""
    return READ * len(records) + sum(
        [record.linked // READ_LINKS + len(record.text) // READ_CHARACTERS for record in records]
    )


def cost_of_testing(record: Record) -> int:
    """Return the cost of testing a resource, in comparisons, without the filter's terms."""
    return TESTED + len(record.text) // TESTED_CHARACTERS


def values_in(value: object) -> int:
    """Return the cost, in comparisons, of one term of a filter with a value or a resource.

    Each of several values counts; of a value's parts only the most expensive one counts. A long text
    that is not ASCII counts more than once.
    """
    if isinstance(value, str):
        if value.isascii():
            return 1
        return 1 + _decomposed(value) // FOLDED_CHARACTERS
    if isinstance(value, list | tuple):
        return sum(map(values_in, value))
    if isinstance(value, dict):
        return max(map(values_in, value.values()), default=1)
    return 1


def _decomposed(text: str) -> int:
    """Return the length of a text, decomposed: a character may be eighteen.

    It is decomposed in pieces because many marks at once take long.
    """
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    return sum(len(unicodedata.normalize("NFKD", piece)) for piece in pieces)


def never() -> bool:
    """Return False: the response is never due, because no client waits for it."""
    return False


class RequestBudget:
    """Limits the comparisons of a request and the values of an attribute.

    A comparison is one term of a filter tested on one value, or work that takes as long, 2 to 4 µs.
    `is_late` returns whether the response is due.
    """

    def __init__(
        self,
        comparisons: int = MOST_COMPARISONS,
        values: int = MOST_VALUES,
        is_late: Callable[[], bool] = never,
    ) -> None:
        self._most = comparisons
        self._values = values
        self._is_late = is_late
        self.compared = 0
        self._counted: set[str] = set()

    def compare(self, number: int) -> None:
        """Count comparisons before they are made. Raises TooMany when the budget is exceeded."""
        if not self.has_room(number):
            raise TooMany(
                f"The request needs more than {self._most} comparisons;"
                " send fewer operations at once, or filters with fewer terms."
            )

    def has_room(self, number: int) -> bool:
        """Count comparisons before they are made; return whether the budget covers them."""
        self.compared += number
        return self.compared <= self._most

    def compare_once(self, shape: str, number: int) -> None:
        """Count comparisons that only the first filter of each shape needs. Raises TooMany."""
        if shape not in self._counted:
            self._counted.add(shape)
            self.compare(number)

    def require_few(self, where: str, before: int, after: int) -> None:
        """Raise PayloadTooLarge for too many values of an attribute, unless there were as many before."""
        if after > max(before, self._values):
            raise PayloadTooLarge(f"{where} has {after} values; at most {self._values} are taken.")

    def require_time(self) -> None:
        """Raise Unavailable when the response is due; nothing has been stored yet."""
        if self._is_late():
            raise Unavailable("The time for one request was over; send less at once.")

    def require_few_values(
        self,
        resource_type: ResourceType,
        body: Mapping[str, object],
        before: Mapping[str, object] | None = None,
    ) -> None:
        """Raise PayloadTooLarge when an attribute in a canonical body has too many values.

        An attribute that had as many values before the change may keep them: the limit can be newer than
        the resource.
        """
        for where, length in _lengths(resource_type, body):
            if length > self._values:
                earlier_lengths = {} if before is None else dict(_lengths(resource_type, before))
                self.require_few(where, earlier_lengths.get(where, 0), length)


def _lengths(resource_type: ResourceType, body: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Yield the number of values of each multi-valued attribute, and the most of any multi-valued part."""
    for where, container, name, parts in _counted(resource_type):
        if (container or name) not in body:
            continue
        value = value_at(body, container, name)
        if value is None:
            continue
        if isinstance(value, list):
            yield where, len(value)
        elements = value if isinstance(value, list) else [value]
        for part_where, part in parts:
            values = [element.get(part) for element in elements if isinstance(element, Mapping)]
            yield (
                part_where,
                max([len(value) for value in values if isinstance(value, list)], default=0),
            )


class _CountedAttribute(NamedTuple):
    """An attribute that can have many values, or parts with many.

    `where` is its name in errors; `parts` have their names in errors and in a value.
    """

    where: str
    container: str | None
    name: str
    parts: Sequence[tuple[str, str]]


@lru_cache(maxsize=REMEMBERED)
def _counted(resource_type: ResourceType) -> Sequence[_CountedAttribute]:
    counted = []
    for container, attribute in attributes_of(resource_type):
        subs = [sub for sub in attribute.sub_attributes if sub.multi_valued]
        if attribute.multi_valued or subs:
            where = str(AttributeRef(container, attribute))
            parts = [(str(AttributeRef(container, attribute, sub)), sub.name) for sub in subs]
            counted.append(_CountedAttribute(where, container, attribute.name, parts))
    return counted
