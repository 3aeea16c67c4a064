"""Which tolerances each tenant's clients have needed, and how often (docs/profiles.md).

An instance counts for itself and writes what it has counted when it meets a tolerance for the
first time, and then at most once a minute: a request pays nothing for being counted, and an
instance that ends takes up to a minute's count along.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from scim.errors import ScimError
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, number, text
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import tolerance_key, tolerances_partition

PERIOD = 60.0
"""Seconds between two writes of one tenant's count of one tolerance."""


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
        self._unwritten: Counter[tuple[str, str]] = Counter()
        self._written: dict[tuple[str, str], float] = {}

    def note(self, tenant: str, names: Iterable[str]) -> None:
        """Count each once; never raises for what the store cannot do at the moment."""
        for name in names:
            key = tenant, name
            self._unwritten[key] += 1
            since = self._written.get(key)
            if since is None or self._now() - since >= PERIOD:
                self._write(key)

    def of_tenant(self, tenant: str) -> list[ToleranceCount]:
        """Return what has been written of a tenant, by name."""
        rows = self._table.rows(tolerances_partition(tenant)).items
        return [ToleranceCount(text(row, "sk"), number(row, "n"), text(row, "m")) for row in rows]

    def _write(self, key: tuple[str, str]) -> None:
        write = Write(
            "Update",
            tolerance_key(*key),
            adds={"n": self._unwritten[key]},
            sets={"k": "firing", "s": SCHEMA, "m": _text(self._now())},
        )
        try:
            self._table.write([write])
        except ScimError:
            return
        self._written[key] = self._now()
        del self._unwritten[key]


def _text(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
