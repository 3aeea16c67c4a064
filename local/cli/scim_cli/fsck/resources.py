"""Resources: content, versions, times, their marks, and that they are counted."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from scim_cli.fsck.item import UnreadableError
from scim_cli.fsck.table import Items, key_of


def contents(items: Items) -> Iterator[str]:
    """Yield live resources whose content cannot be read or holds a password."""
    for item in items.live.values():
        try:
            if _holds_password(item.body):
                yield f"{item.name}: its body holds a password"
        except UnreadableError as broken:
            yield f"{item.name}: {broken}"


def states(items: Items) -> Iterator[str]:
    """Yield resources whose version, times or index keys cannot be."""
    for item in items.resources.values():
        held = item.held
        if not isinstance(held["v"], int) or held["v"] < 1:
            yield f"{item.name}: version {held['v']!r}"
        if held["m"] < held["c"]:
            yield f"{item.name}: last modified before it was created"
        if (held["gp"], held["gs"]) != (item.pk, f"{held['m'][:13]}#{item.sk}"):
            yield f"{item.name}: not where it belongs in byLastModified"


def tombstones(items: Items) -> Iterator[str]:
    """Yield tombstones that hold more than they should, or will never go."""
    for key, item in items.resources.items():
        if not item.is_tombstone:
            continue
        if "z" in item.held or "x" in item.held:
            yield f"{item.name}: a tombstone with a body, or not yet to end"
        if key in items.reaped:
            continue
        if "ttl" not in item.held:
            yield f"{item.name}: a tombstone without an end"
        if item.counts() or any(item.links()):
            yield f"{item.name}: a tombstone with edges and no reap job"


def jobs(items: Items) -> Iterator[str]:
    """Yield open work that the sweeper will not find, or that is about nothing."""
    tenants = {item.sk for item in items.of["tenant"]}
    for job in (*items.of["reap"], *items.of["closing"], *items.of["journal"]):
        if job.tenant not in tenants:
            yield f"{job.name}: open work of a tenant the sweeper does not know"
    for job in items.of["reap"]:
        item = items.resources.get(key_of(job))
        if item is None or not item.is_tombstone:
            yield f"{job.name}: a reap job without a tombstone"


def journals(items: Items) -> Iterator[str]:
    """Yield journals without their resource, resources without their journal, stray chunks."""
    for key, journal in items.journals.items():
        item = items.live.get(key)
        if item is None or item.held.get("j") != journal.held["j"]:
            yield f"{journal.name}: a journal without its resource"
    for key, item in items.resources.items():
        if "j" in item.held and key not in items.journals:
            yield f"{item.name}: marked with a journal that is not there"
    opened = {(j.tenant, f"{j.sk}#{j.held['j']}") for j in items.of["journal"]}
    for chunk in items.of["chunk"]:
        # With an end it is what the change log names the edges of a large change by.
        if "ttl" not in chunk.held and (chunk.tenant, chunk.sk.rpartition("#")[0]) not in opened:
            yield f"{chunk.name}: a chunk of no journal"


def counters(items: Items) -> Iterator[str]:
    """Yield types whose counter shards do not add up to what lives."""
    live = Counter((tenant, type_name) for tenant, type_name, _ in items.live)
    said: Counter[tuple[str, str]] = Counter()
    for shard in items.of["count"]:
        said[shard.tenant, shard.sk.rpartition("#")[0]] += shard.held["n"]
    for key in sorted(live.keys() | said.keys()):
        if live[key] != said[key]:
            yield f"{'#'.join(key)}: counters say {said[key]}, {live[key]} live"


def numbers(items: Items) -> Iterator[str]:
    """Yield resources whose id is a number that may be given once more."""
    given = {(each.tenant, each.sk): each.held["n"] for each in items.of["number"]}
    for tenant, type_name, id_ in sorted(items.resources):
        last = given.get((tenant, type_name))
        if last is not None and id_.isdecimal() and int(id_) > last:
            yield f"{tenant}#{type_name}#{id_}: beyond {last}, the last number given"


def _holds_password(value: Any) -> bool:
    match value:
        case dict():
            return any(
                name.lower() == "password" or _holds_password(below)
                for name, below in value.items()
            )
        case list():
            return any(map(_holds_password, value))
        case _:
            return False
