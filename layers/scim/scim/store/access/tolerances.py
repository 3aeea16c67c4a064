"""Which tolerances each tenant's clients have needed, and how often (docs/profiles.md).

A request that needed some writes them before it is answered, all in one update: an instance that
ends takes no count along, whatever ends it.
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
"""How the two attributes of a tolerance begin, in the one item of a tenant."""


@dataclass(frozen=True, slots=True)
class ToleranceCount:
    """How often one tolerance was needed, and when last."""

    name: str
    count: int
    last: str


class ToleranceCounts:
    """Counts tolerances; one for each instance of a function."""

    def __init__(self, table: Table, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now
        self._unwritten: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def note(self, tenant: str, names: Iterable[str]) -> None:
        """Count each once; never raises for what the store cannot do at the moment.

        What could not be written is written with the tenant's next.
        """
        counted = self._unwritten[tenant]
        counted.update(names)
        moment = _text(self._now())
        last: Item = {f"{_LAST}{name}": moment for name in counted}
        write = Write(
            "Update",
            tolerance_key(tenant, ALL_TOLERANCES),
            adds={f"{_COUNT}{name}": count for name, count in counted.items()},
            sets={"k": "firings", "s": SCHEMA, **last},
        )
        try:
            self._table.write([write])
        except ScimError:
            return
        del self._unwritten[tenant]

    def of_tenant(self, tenant: str) -> list[ToleranceCount]:
        """Return what was counted of a tenant, by name."""
        found: dict[str, ToleranceCount] = {}
        for row in self._table.rows(tolerances_partition(tenant)).items:
            for each in _counts_in(row):
                known = found.get(each.name, ToleranceCount(each.name, 0, ""))
                found[each.name] = ToleranceCount(
                    each.name, known.count + each.count, max(known.last, each.last)
                )
        return [found[name] for name in sorted(found)]


def _counts_in(row: Item) -> Iterator[ToleranceCount]:
    """Yield what an item counts: all tolerances of a tenant, or one as it was until 0.1.0."""
    if row["sk"] != ALL_TOLERANCES:
        yield ToleranceCount(text(row, "sk"), number(row, "n"), text(row, "m"))
        return
    for name in _names_in(row):
        yield ToleranceCount(name, number(row, f"{_COUNT}{name}"), text(row, f"{_LAST}{name}"))


def _names_in(row: Mapping[str, object]) -> Iterator[str]:
    yield from (name.removeprefix(_COUNT) for name in row if name.startswith(_COUNT))


def _text(seconds: float) -> str:
    return time_text(datetime.fromtimestamp(seconds, UTC))
