"""What is kept of a deleted resource if its tenant's profile says so (docs/guards.md).

One item has the content of the resource and the links of others to it; the transaction that deletes the
resource writes it. The resource's own edges follow slice by slice as the reaper removes them, as items in a
separate partition. All these items expire at the end of the time in which the resource can be restored.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scim.resource.change import Creation, Deletion, EdgeDelta, Restoration
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Edge, Kept, Key, Link
from scim.store.directory.attribution import attribution
from scim.store.directory.links import EdgeChange, EdgeWrites, relations_by_source
from scim.store.directory.resource_item import (
    ALIVE,
    INDEX_MOVE,
    index_keys,
    is_live,
    links_of,
    packed_id,
    weight_of,
)
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import (
    SCHEMA,
    Item,
    Value,
    number,
    packed,
    packed_list,
    packed_object,
    text,
)
from scim.store.dynamodb.write import Condition, Write, equals, exists
from scim.store.keys.directory import (
    LAST,
    ItemKey,
    count_attribute,
    link_attribute,
    resource_key,
    work_keys,
)
from scim.store.keys.kept import kept_edges_partition, kept_key, rejoin_key

NESTED, OTHERS = "n", "o"
"""The first character of the sort key of kept edges: to the resource's own type, and to all other types."""


@dataclass(frozen=True, slots=True)
class KeptEdge:
    """An edge that a deleted resource had to `other`, or from `other` if `is_link`."""

    attribute: str
    other: Key
    sent: Mapping[str, object]
    is_link: bool = False

    def json(self) -> list[object]:
        return [self.attribute, *self.other, self.sent, self.is_link]


def copy_put(tenant: str, deletion: Deletion) -> list[Write]:
    """Return the step that keeps a resource that is being deleted, or none if the profile keeps nothing."""
    if not deletion.kept_until:
        return []
    before = deletion.before
    links: dict[str, Value] = {
        link_attribute(link): frozenset(map(packed_id, ids))
        for link, ids in before.links.items()
        if ids
    }
    body = packed(before.body)
    content: Item = {"k": "kept", "s": SCHEMA, "z": body, "ttl": deletion.kept_until}
    size = weight_of(before) + len(body)
    # What an earlier restoration has not yet restored stays kept.
    return [
        Write(
            "Update", kept_key(tenant, before.key), sets=content, adds={**links, "w": 1}, size=size
        )
    ]


def edges_kept(tenant: str, key: Key, edges: Iterable[KeptEdge], until: int) -> list[Write]:
    """Return the steps that keep some edges of a deleted resource, as they are removed."""
    edges_by_part: dict[str, list[KeptEdge]] = {}
    for edge in edges:
        edges_by_part.setdefault(NESTED if edge.other.type == key.type else OTHERS, []).append(edge)
    writes: list[Write] = []
    for part, edges_of_part in edges_by_part.items():
        # A unique name: what an earlier restoration has not yet restored is kept beside it.
        name = f"{part}#{uuid.uuid4()}"
        item: Item = {
            "k": "keptEdges",
            "s": SCHEMA,
            "z": packed([edge.json() for edge in edges_of_part]),
            "ttl": until,
        }
        item_key = ItemKey(kept_edges_partition(tenant, key), name)
        writes.append(Write("Put", item_key, item=item))
    return writes


def edge_kept_at_other_end(tenant: str, dead: Key, edge: KeptEdge, until: int) -> list[Write]:
    """Return the steps that keep an edge with the resource at its other end, which is deleted and kept too."""
    counted = Write("Update", kept_key(tenant, dead), (exists(),), adds={"w": 1})
    return [counted, *edges_kept(tenant, dead, [edge], until)]


def kept_edges_of(row: Item) -> list[KeptEdge]:
    packed_edges = packed_list(row, "z")
    return [
        KeptEdge(name, Key(type_, id_), sent, link) for name, type_, id_, sent, link in packed_edges
    ]


def kept_record(table: Table, tenant: str, key: Key, now: str) -> Kept | None:
    """Return what is kept of a deleted resource; None if the resource is live, or its copy has expired."""
    item = table.item(kept_key(tenant, key))
    tombstone = table.item(resource_key(tenant, key))
    is_over = item is None or number(item, "ttl") <= datetime.fromisoformat(now).timestamp()
    if item is None or is_over or tombstone is None or is_live(tombstone):
        return None
    body = packed_object(item, "z")
    nested: list[tuple[str, Edge]] = []
    parents = {pair for pair in _pairs(item) if pair[0].type == key.type}
    for edge in _edges(table, tenant, key):
        if edge.is_link:
            parents.add((Link(edge.other.type, edge.attribute), edge.other.id))
        else:
            nested.append((edge.attribute, Edge(edge.other, edge.sent)))
    version, created = number(tombstone, "v"), text(tombstone, "c")
    return Kept(key, version, created, body, tuple(nested), tuple(sorted(parents)))


def resource_restored(tenant: str, creation: Creation, restores: Restoration) -> Write:
    """Return the step that makes a tombstone a resource again; its version and `created` continue."""
    who = attribution(creation.origin, Action.CREATE, creation.edges)
    links: dict[str, frozenset[bytes]] = {}
    for link, id_ in restores.parents:
        name = link_attribute(link)
        links[name] = links.get(name, frozenset()) | {packed_id(id_)}
    adds: dict[str, Value] = {"v": 1, **links}
    if links:
        adds["l"] = sum(map(len, links.values()))
    key, now = creation.key, creation.now
    sets: dict[str, Value] = {"m": now, **index_keys(tenant, key, now), "by": who}
    return Write(
        "Update",
        resource_key(tenant, key),
        (exists("d"), equals("v", restores.version)),
        sets={**sets, "z": packed(creation.body)},
        adds=adds,
        removes=("d", "ttl"),
        size=250 + len(who),
        index_writes=INDEX_MOVE,
    )


def restoration_steps(tenant: str, creation: Creation, restores: Restoration) -> list[Write]:
    """Return the other steps of a restoration: the edges from its own type, and the job for the remaining edges."""
    key, now = creation.key, creation.now
    writes: list[Write] = []
    for link, id_ in restores.parents:
        change = EdgeChange(link.attribute, key, 1, {})
        edge, _ = EdgeWrites(tenant, Key(link.type, id_), (change,), now).writes()
        writes.append(edge)
    writes += sources_regained(tenant, key, restores.parents, now, creation.origin)
    origin = packed(creation.origin.json())
    job: Item = {"k": "rejoin", "s": SCHEMA, "at": now, "by": origin}
    item = {**job, **work_keys(tenant, "rejoin", key)}
    return [*writes, Write("Put", rejoin_key(tenant, key), item=item, index_writes=1)]


def sources_regained(
    tenant: str, target: Key, links: Iterable[tuple[Link, str]], now: str, origin: Origin
) -> list[Write]:
    """Return the steps on the live sources of edges to a restored resource, which regain these edges."""
    writes: list[Write] = []
    for source, relations in relations_by_source(links).items():
        deltas = [EdgeDelta(relation, added=(Edge(target),)) for relation in relations]
        by = attribution(origin, Action.PATCH, deltas)
        writes.append(edges_regained(tenant, source, now, by, dict.fromkeys(relations, 1)))
    return writes


def edges_regained(tenant: str, key: Key, now: str, by: bytes, counts: Mapping[str, int]) -> Write:
    """Return the step on a live resource that regains edges of its own."""
    conditions: tuple[Condition, ...] = ALIVE
    return Write(
        "Update",
        resource_key(tenant, key),
        conditions,
        sets={"m": now, **index_keys(tenant, key, now), "by": by},
        adds={"v": 1, **{count_attribute(name): n for name, n in counts.items()}},
        index_writes=INDEX_MOVE,
    )


def _pairs(item: Item) -> Iterator[tuple[Link, str]]:
    for link, ids in links_of(item).items():
        yield from ((link, id_) for id_ in sorted(ids))


def _edges(table: Table, tenant: str, key: Key) -> Iterator[KeptEdge]:
    """Yield the kept edges between the resource and others of its type."""
    ends = f"{NESTED}#", f"{NESTED}#{LAST}"
    for row in table.rows(kept_edges_partition(tenant, key), key_range=ends).items:
        yield from kept_edges_of(row)
