"""The whole check: every invariant over all items of a table, part by part where the table is large.

An item goes to each part that holds items it must agree with (`places`); a part is read, checked and
discarded. So the check needs memory for one part, whatever the size of the table.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import partial

from scim.fsck import access, entries, feed, jobs, references, relations, resources
from scim.fsck.item import Item, item_of
from scim.fsck.late_indexes import late_indexes
from scim.fsck.overview import Overview
from scim.fsck.places import Place, needed_of, places_of
from scim.fsck.shape import forbidden, misshapen
from scim.fsck.spool import InMemory, Spool
from scim.fsck.table import Items
from scim.fsck.violation import Violation, Wire

INVARIANTS = (
    resources.contents,
    resources.states,
    resources.tombstones,
    resources.jobs,
    resources.journals,
    resources.numbers,
    entries.entries,
    entries.values,
    relations.edges,
    relations.links,
    relations.counts,
    relations.guards,
    references.referrers,
    references.closings,
    feed.stretches,
    feed.marks,
    jobs.results,
    jobs.versions,
    jobs.totals,
    jobs.listed,
    access.tokens,
    access.clients,
    access.issuers,
    access.setup_links,
    access.tenants,
    access.definitions,
)


OPEN = frozenset({"reap", "closing", "journal", "chunk", "rejoin"})


class TableCheck:
    """Takes the items of a table one by one, then checks them against each other.

    `late` replaces the late indexes (type, attribute) that the shipped definitions declare.
    """

    def __init__(self, spool: Spool, late: Collection[tuple[str, str]] | None = None) -> None:
        late_now = late_indexes() if late is None else late
        self._overview = Overview(late_now, int(time.time()))
        self._spool = spool
        self.items = self.open = 0

    def take(self, wire: Wire) -> Iterator[Violation]:
        """Yield the violations of an item by itself, and keep it for the rest of the check."""
        item = item_of(wire)
        self.items += 1
        self.open += is_open_work(item)
        shape = list(misshapen(item))
        yield from map(Violation, (*shape, *forbidden(item)))
        if shape:
            return
        self._overview.note(item)
        needed = needed_of(item)
        for part in {self._spool.part_of(place) for place in places_of(item)}:
            self._spool.add(part, needed)

    def rest(self) -> Iterator[Violation]:
        """Yield the violations between items."""
        nested = {end for _, *ends in self._overview.nested for end in ends}
        live: Counter[tuple[str, str]] = Counter()
        living = set()
        for number, part in self._spool.parts():
            items = Items(part, self._overview, partial(self._is_in, number))
            for invariant in INVARIANTS:
                for violation in invariant(items):
                    yield violation if isinstance(violation, Violation) else Violation(violation)
            live.update((tenant, type_name) for tenant, type_name, _ in items.live)
            living |= nested & items.live.keys()
        yield from resources.counters(self._overview, live)
        yield from map(Violation, relations.cycles(self._overview.nested, living))

    def _is_in(self, part: int, place: Place) -> bool:
        return self._spool.part_of(place) == part


def violations(
    wires: Iterable[Wire], late: Collection[tuple[str, str]] | None = None
) -> list[Violation]:
    """Return the violations in a table, given its items as the low-level client reads them.

    Open work, such as after an interruption, is no violation.
    """
    check = TableCheck(InMemory(), late)
    return [*(violation for wire in wires for violation in check.take(wire)), *check.rest()]


def open_work(wires: Iterable[Wire]) -> list[str]:
    """Return the names of the jobs and journals that the sweeper has not finished."""
    return [item.name for item in map(item_of, wires) if is_open_work(item)]


def is_open_work(item: Item) -> bool:
    """Tell whether the item is work that the sweeper still has to do."""
    return item.attributes.get("k") in OPEN and "ttl" not in item.attributes
