"""Resources: their content, versions, times, marks and counters, and the work open on them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from scim.fsck.item import Item, UnreadableError
from scim.fsck.overview import Overview
from scim.fsck.table import Items, key_of
from scim.fsck.violation import Mend, Violation, deleted, put, updated

TOMBSTONE_DAYS = 30
"""The days after which a tombstone expires whose expiry a restore of the table has lost."""

APART = timedelta(minutes=1)
"""How far two times may be out of order: clocks differ, and a request takes its time before it waits for others."""


def contents(items: Items) -> Iterator[str]:
    """Yield live resources whose content cannot be read or holds a password."""
    for item in items.live.values():
        try:
            if _holds_password(item.body):
                yield f"{item.name}: its body holds a password"
        except UnreadableError as broken:
            yield f"{item.name}: {broken}"


def states(items: Items) -> Iterator[str]:
    """Yield resources with an impossible version, time or index key."""
    for item in items.resources.values():
        attributes = item.attributes
        if not isinstance(attributes["v"], int) or attributes["v"] < 1:
            yield f"{item.name}: version {attributes['v']!r}"
        if attributes["m"] < attributes["c"] and _is_long_before(attributes["m"], attributes["c"]):
            yield f"{item.name}: last modified before it was created"
        if (attributes["gp"], attributes["gs"]) != (item.pk, f"{attributes['m'][:13]}#{item.sk}"):
            yield f"{item.name}: not where it belongs in byLastModified"


def tombstones(items: Items) -> Iterator[str]:
    """Yield tombstones that hold more than they should, or that will never expire."""
    for key, item in items.resources.items():
        if not item.is_tombstone:
            continue
        if "z" in item.attributes or "x" in item.attributes:
            yield f"{item.name}: a tombstone with a body, or not yet to end"
        if key in items.reaped:
            continue
        if "ttl" not in item.attributes:
            end = datetime.fromisoformat(item.attributes["d"]) + timedelta(days=TOMBSTONE_DAYS)
            yield Violation(f"{item.name}: a tombstone without an end", _ending(item, end))
        if item.counts() or any(item.links()):
            yield Violation(f"{item.name}: a tombstone with edges and no reap job", *_reap(item))


def jobs(items: Items) -> Iterator[str]:
    """Yield open work that the sweeper will not find, and reap jobs without a tombstone."""
    for job in (*items.of["reap"], *items.of["closing"], *items.of["journal"], *items.of["rejoin"]):
        if job.tenant not in items.overview.tenants:
            text = f"{job.name}: open work of a tenant the sweeper does not know"
            yield Violation(text, put("T#~#open", job.tenant, "tenant"))
    for job in items.of["reap"]:
        item = items.resources.get(key_of(job))
        if item is None or not item.is_tombstone:
            text = f"{job.name}: a reap job without a tombstone"
            yield Violation(text, deleted(job.pk, job.sk))


def journals(items: Items) -> Iterator[str]:
    """Yield journals without their resource, resources without their journal, and chunks without a journal."""
    for key, journal in items.journals.items():
        item = items.live.get(key)
        if item is None or item.attributes.get("j") != journal.attributes["j"]:
            gone = deleted(journal.pk, journal.sk, j={"S": journal.attributes["j"]})
            yield Violation(f"{journal.name}: a journal without its resource", gone)
    for key, item in items.resources.items():
        if "j" in item.attributes and key not in items.journals:
            free = updated(item.pk, item.sk, "REMOVE #s0", {}, {}, j={"S": item.attributes["j"]})
            yield Violation(f"{item.name}: marked with a journal that is not there", free)
    opened = {(j.tenant, f"{j.sk}#{j.attributes['j']}") for j in items.of["journal"]}
    for chunk in items.of["chunk"]:
        # A chunk with a ttl stays for the change log: it has the edges of a large change.
        if (
            "ttl" not in chunk.attributes
            and (chunk.tenant, chunk.sk.rpartition("#")[0]) not in opened
        ):
            gone = deleted(chunk.pk, chunk.sk)
            yield Violation(f"{chunk.name}: a chunk of no journal", gone)


def counters(overview: Overview, live: Counter[tuple[str, str]]) -> Iterator[Violation]:
    """Yield types whose counter shards do not add up to the number of live resources."""
    stored = overview.counted()
    for key in sorted(live.keys() | stored.keys()):
        if live[key] != stored[key]:
            text = f"{'#'.join(key)}: counters say {stored[key]}, {live[key]} live"
            yield Violation(text, _recounted(overview, *key, live[key] - stored[key]))


def numbers(items: Items) -> Iterator[str]:
    """Yield resources whose numeric id is beyond the last number given, so that it may be given again."""
    last_numbers = items.overview.numbers
    for tenant, type_name, id_ in sorted(items.resources):
        last = last_numbers.get((tenant, type_name))
        if last is not None and id_.isdecimal() and int(id_) > last:
            yield f"{tenant}#{type_name}#{id_}: beyond {last}, the last number given"


def _ending(item: Item, end: datetime) -> Mend:
    values = {":ttl": {"N": str(int(end.timestamp()))}}
    return updated(
        item.pk, item.sk, "SET #ttl = :ttl", values, {"#ttl": "ttl"}, d={"S": item.attributes["d"]}
    )


def _reap(item: Item) -> list[Mend]:
    """Return the writes that make the sweeper remove a tombstone's edges before the tombstone expires."""
    name = f"{item.type}#{item.sk}"
    index_keys = {"gp": {"S": "T#~#work"}, "gs": {"S": f"{item.tenant}#reap#{name}"}}
    job_put = put(
        f"T#{item.tenant}#reap", name, "reap", at={"S": item.attributes["d"]}, **index_keys
    )
    if "ttl" not in item.attributes:
        return [job_put]
    condition = {"ttl": {"N": str(item.attributes["ttl"])}}
    return [job_put, updated(item.pk, item.sk, "REMOVE #s0", {}, {}, **condition)]


def _recounted(overview: Overview, tenant: str, type_name: str, by: int) -> Mend:
    """Return the correction of a type's first shard that makes the sum of all shards right."""
    shards = overview.shards.get((tenant, type_name), {})
    pk = f"T#{tenant}#count"
    if not shards:
        return put(pk, f"{type_name}#00", "count", n={"N": str(by)})
    shard, number = min(shards.items())
    seen, values = {"n": {"N": str(number)}}, {":n": {"N": str(number + by)}}
    return updated(pk, f"{type_name}#{shard}", "SET #s0 = :n", values, {}, **seen)


def _is_long_before(earlier: str, later: str) -> bool:
    return datetime.fromisoformat(earlier) + APART < datetime.fromisoformat(later)


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
