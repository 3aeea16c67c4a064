"""Restores the edges of a restored resource, slice by slice: the reverse of the reaper.

The resource at the other end may be deleted as well. If that one is kept, the edge is kept with it: of two
restored resources, the second restores the edge. Each slice is one transaction that leaves the table
consistent, so the work can stop at any point and continue elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scim.resource.change import EdgeDelta
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Edge, Key, Link
from scim.store.directory.attribution import attribution
from scim.store.directory.commit import ROUNDS
from scim.store.directory.kept import (
    KeptEdge,
    edge_kept_at_other_end,
    edges_regained,
    kept_edges_of,
    sources_regained,
)
from scim.store.directory.links import EdgeChange, EdgeWrites
from scim.store.directory.resource_item import is_live, links_of, packed_id
from scim.store.directory.tombstone import pairs_of
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Item, binary, number, packed, packed_object, text
from scim.store.dynamodb.write import (
    ConditionFailed,
    Outgrown,
    Write,
    counts,
    equals,
    exists,
    merged_by_item,
)
from scim.store.keys.directory import ItemKey, edge_key, link_attribute, resource_key
from scim.store.keys.kept import kept_edges_partition, kept_key, rejoin_key

SLICE = 24
"""Edges in one transaction: for each link the edge and its source, and room for edges to kept resources."""


@dataclass(frozen=True, slots=True)
class Rejoiner:
    """Restores the edges of one restored resource."""

    table: Table
    tenant: str
    key: Key
    clock: Callable[[], str]

    def work(self) -> Iterator[None]:
        """Restore the remaining edges, one transaction for each element iterated over.

        Raises ConditionFailed when other writers win more than ROUNDS times in a row, Outgrown when so many
        targets in a row have no room for their edge.
        """
        rounds = 0
        item_keys_to_skip: frozenset[ItemKey] = frozenset()
        while (job := self.table.item(rejoin_key(self.tenant, self.key))) is not None:
            try:
                self.table.write(self._step(job, item_keys_to_skip))
                rounds = 0
            except (ConditionFailed, Outgrown) as failed:
                rounds += 1
                if rounds > ROUNDS:
                    raise
                item_keys_to_skip |= _item_keys_to_skip(failed)
            yield

    def _step(self, job: Item, item_keys_to_skip: frozenset[ItemKey]) -> list[Write]:
        job_end = Write("Delete", rejoin_key(self.tenant, self.key), (exists(),), index_writes=1)
        row = self.table.item(resource_key(self.tenant, self.key))
        kept = self.table.item(kept_key(self.tenant, self.key))
        if row is None or not is_live(row) or kept is None:
            # The resource was deleted again: edges that are not yet restored stay kept.
            return [job_end]
        links = pairs_of(links_of(kept))[:SLICE]
        if links:
            drops: dict[str, frozenset[bytes]] = {}
            for link, id_ in links:
                name = link_attribute(link)
                drops[name] = drops.get(name, frozenset()) | {packed_id(id_)}
            edges = [KeptEdge(a.attribute, Key(a.type, id_), {}, is_link=True) for a, id_ in links]
            progress = Write("Update", kept_key(self.tenant, self.key), (exists(),), drops=drops)
            return self._slice_writes(job, kept, progress, edges, item_keys_to_skip)
        rows = self.table.rows(kept_edges_partition(self.tenant, self.key), 1).items
        if rows:
            row_key = ItemKey(text(rows[0], "pk"), text(rows[0], "sk"))
            kept_edges = kept_edges_of(rows[0])
            edges, later_edges = kept_edges[:SLICE], kept_edges[SLICE:]
            progress = Write("Delete", row_key, (exists(),))
            if later_edges:
                item = {name: value for name, value in rows[0].items() if name not in ("pk", "sk")}
                shorter_item: Item = {**item, "z": packed([edge.json() for edge in later_edges])}
                progress = Write(
                    "Put", row_key, (equals("z", binary(rows[0], "z")),), item=shorter_item
                )
            return self._slice_writes(job, kept, progress, edges, item_keys_to_skip)
        is_as_read = counts("w", number(kept, "w"))
        return [Write("Delete", kept_key(self.tenant, self.key), (is_as_read,)), job_end]

    def _slice_writes(
        self,
        job: Item,
        kept: Item,
        progress: Write,
        edges: Sequence[KeptEdge],
        item_keys_to_skip: frozenset[ItemKey],
    ) -> list[Write]:
        others = list(dict.fromkeys(edge.other for edge in edges))
        live_keys, kept_keys = self._live_among(others), self._kept_among(others)
        origin, now = Origin.from_json(packed_object(job, "by")), self.clock()
        writes, links, own_edges = [progress], list[tuple[Link, str]](), list[KeptEdge]()
        for edge in edges:
            if edge.other not in live_keys:
                if edge.other in kept_keys:
                    edge_back = KeptEdge(edge.attribute, self.key, edge.sent, not edge.is_link)
                    writes += edge_kept_at_other_end(
                        self.tenant, edge.other, edge_back, number(kept, "ttl")
                    )
            elif self._is_in(item_keys_to_skip, edge) or edge.other.type == self.key.type:
                # Edges to its own type were restored with the resource, under the guard against cycles.
                continue
            elif edge.is_link:
                change = EdgeChange(edge.attribute, self.key, 1, edge.sent)
                writes += EdgeWrites(self.tenant, edge.other, (change,), now).writes()
                links.append((Link(edge.other.type, edge.attribute), edge.other.id))
            else:
                own_edges.append(edge)
        writes += sources_regained(self.tenant, self.key, links, now, origin)
        return merged_by_item([*writes, *self._own_edge_writes(own_edges, origin, now)])

    def _own_edge_writes(self, edges: Sequence[KeptEdge], origin: Origin, now: str) -> list[Write]:
        if not edges:
            return []
        changes = tuple(EdgeChange(edge.attribute, edge.other, 1, edge.sent) for edge in edges)
        edges_by_relation: dict[str, list[Edge]] = {}
        for edge in edges:
            edges_by_relation.setdefault(edge.attribute, []).append(Edge(edge.other, edge.sent))
        deltas = [
            EdgeDelta(name, added=tuple(edges_added))
            for name, edges_added in edges_by_relation.items()
        ]
        by = attribution(origin, Action.PATCH, deltas)
        numbers = {name: len(edges_added) for name, edges_added in edges_by_relation.items()}
        return [
            *EdgeWrites(self.tenant, self.key, changes, now).writes(),
            edges_regained(self.tenant, self.key, now, by, numbers),
        ]

    def _is_in(self, item_keys_to_skip: frozenset[ItemKey], edge: KeptEdge) -> bool:
        """Tell whether the edge is there already, or its target has no room for it."""
        ends = (edge.other, self.key) if edge.is_link else (self.key, edge.other)
        edge_item_key = edge_key(self.tenant, ends[0], edge.attribute, ends[1].id)
        return not item_keys_to_skip.isdisjoint((edge_item_key, resource_key(self.tenant, ends[1])))

    def _live_among(self, keys: Sequence[Key]) -> frozenset[Key]:
        keys_by_item = {resource_key(self.tenant, key): key for key in keys}
        rows = self.table.items(list(keys_by_item))
        return frozenset(
            keys_by_item[ItemKey(str(row["pk"]), str(row["sk"]))] for row in rows if is_live(row)
        )

    def _kept_among(self, keys: Sequence[Key]) -> frozenset[Key]:
        keys_by_item = {kept_key(self.tenant, key): key for key in keys}
        rows = self.table.items(list(keys_by_item))
        return frozenset(keys_by_item[ItemKey(str(row["pk"]), str(row["sk"]))] for row in rows)


def _item_keys_to_skip(failed: ConditionFailed | Outgrown) -> frozenset[ItemKey]:
    """Return the edges that are there already, and the resources that have no room for theirs."""
    if isinstance(failed, Outgrown):
        return failed.item_keys
    return frozenset(failure.write.item_key for failure in failed.failures if failure.item)
