"""The whole check: every invariant over all items of a table."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from scim_cli.fsck import access, entries, jobs, references, relations, resources
from scim_cli.fsck.declared import late_indexes
from scim_cli.fsck.definitions import definitions
from scim_cli.fsck.item import Item, item_of
from scim_cli.fsck.shape import forbidden, misshapen
from scim_cli.fsck.table import Items

INVARIANTS = (
    resources.contents,
    resources.states,
    resources.tombstones,
    resources.jobs,
    resources.journals,
    resources.counters,
    resources.numbers,
    entries.entries,
    entries.values,
    relations.edges,
    relations.links,
    relations.counts,
    relations.guards,
    relations.cycles,
    references.referrers,
    references.closings,
    jobs.results,
    jobs.totals,
    access.tokens,
    access.tenants,
    definitions,
)


OPEN = frozenset({"reap", "closing", "journal", "chunk"})


def violations(
    wires: Iterable[Mapping[str, Mapping[str, Any]]],
    late: Collection[tuple[str, str]] | None = None,
) -> list[str]:
    """Return what is wrong with a table, its items given as the low-level client reads them.

    Work that is still open, as after an interruption, is no violation. `late` are the late
    indexes where they are others than the shipped definitions declare.
    """
    found: list[str] = []
    whole: list[Item] = []
    for item in map(item_of, wires):
        shape = list(misshapen(item))
        found += [*shape, *forbidden(item)]
        if not shape:
            whole.append(item)
    items = Items(whole, late_indexes() if late is None else late)
    return found + [wrong for invariant in INVARIANTS for wrong in invariant(items)]


def open_work(wires: Iterable[Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """Return the jobs and journals the sweeper has not finished."""
    items = map(item_of, wires)
    return [i.name for i in items if i.held.get("k") in OPEN and "ttl" not in i.held]
