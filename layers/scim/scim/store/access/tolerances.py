"""Which tolerances each tenant's clients have used, and how often (docs/profiles.md).

A request that used some writes their counts before its response, in one update, so that no count is lost when
an instance ends.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from scim.errors import ScimError
from scim.moments import time_text
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, text
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import ALL_TOLERANCES, tolerance_key, tolerances_partition

_COUNT, _LAST = "n:", "m:"
"""The prefixes of a tolerance's two attributes in the one item of a tenant."""


@dataclass(frozen=True, slots=True)
class ToleranceCount:
    """How many times a tolerance was used, and the last time."""

    name: str
    count: int
    last: str


class ToleranceCounts:
    """Counts tolerances; one object for each instance of a function."""

    def __init__(self, table: Table, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now
        self._unwritten: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def note(self, tenant: str, names: Iterable[str]) -> None:
        """Count each tolerance once. Raises nothing when the store is unavailable.

        Counts that could not be written are written with the tenant's next.
        """
        unwritten = self._unwritten[tenant]
        unwritten.update(names)
        moment = _text(self._now())
        last: Item = {f"{_LAST}{name}": moment for name in unwritten}
        write = Write(
            "Update",
            tolerance_key(tenant, ALL_TOLERANCES),
            adds={f"{_COUNT}{name}": count for name, count in unwritten.items()},
            sets={"k": "firings", "s": SCHEMA, **last},
        )
        try:
            self._table.write([write])
        except ScimError:
            return
        del self._unwritten[tenant]

    def of_tenant(self, tenant: str) -> list[ToleranceCount]:
        """Return a tenant's counts, by name."""
        counts: dict[str, ToleranceCount] = {}
        for row in self._table.rows(tolerances_partition(tenant)).items:
            for part in _counts_in(row):
                total = counts.get(part.name, ToleranceCount(part.name, 0, ""))
                counts[part.name] = ToleranceCount(
                    part.name, total.count + part.count, max(total.last, part.last)
                )
        return [counts[name] for name in sorted(counts)]


def _counts_in(row: Item) -> Iterator[ToleranceCount]:
    """Yield the counts in an item: of all tolerances of a tenant, or of one in the form up to 0.1.0."""
    if row["sk"] != ALL_TOLERANCES:
        yield ToleranceCount(text(row, "sk"), number(row, "n"), text(row, "m"))
        return
    for name in _names_in(row):
        yield ToleranceCount(name, number(row, f"{_COUNT}{name}"), text(row, f"{_LAST}{name}"))


def _names_in(row: Mapping[str, object]) -> Iterator[str]:
    yield from (name.removeprefix(_COUNT) for name in row if name.startswith(_COUNT))


def _text(seconds: float) -> str:
    return time_text(datetime.fromtimestamp(seconds, UTC))
