"""The reaper removes the edges to and from tombstones, slice by slice.

Each slice is one transaction that leaves the table consistent, so the work can stop at any point and continue
elsewhere. The tombstone itself holds what is left: its links and its counts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scim.resource.history.origin import Origin
from scim.resource.record import Key, Link
from scim.store.directory.attribution import attribution_in
from scim.store.directory.kept import KeptEdge, edges_kept
from scim.store.directory.links import EdgeChange, EdgeWrites, edge_of
from scim.store.directory.resource_item import end_of_tombstone, links_of, packed_id
from scim.store.directory.tombstone import edges_deleted, pairs_of, sources_updated
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Item, number
from scim.store.dynamodb.write import ConditionFailed, Write, exists
from scim.store.keys.directory import (
    ItemKey,
    edge_key,
    edges_partition,
    link_attribute,
    reap_key,
    resource_key,
)

NOTHING: Item = {}


@dataclass(frozen=True, slots=True)
class Reaper:
    """Removes the edges of one tombstone, at most `width` in a transaction."""

    table: Table
    tenant: str
    key: Key
    clock: Callable[[], str]
    width: int

    def work(self) -> Iterator[None]:
        """Remove the remaining edges, one transaction for each element iterated over."""
        failed_condition: frozenset[ItemKey] = frozenset()
        while (job := self.table.item(reap_key(self.tenant, self.key))) is not None:
            until = number(job, "kept")
            tombstone = self.table.item(resource_key(self.tenant, self.key)) or {}
            links = pairs_of(links_of(tombstone))[: self.width]
            counts = sorted(n for n in tombstone if n.startswith("n.") and number(tombstone, n))
            if links:
                writes = self._links(links, attribution_in(tombstone).origin, failed_condition)
            elif counts:
                writes = self._edges(counts[0], failed_condition, until)
            else:
                writes = self._burial(tombstone, until)
            try:
                self.table.write(writes)
            except ConditionFailed as failed:
                # Another worker was faster, or the other end was deleted too. What is missing
                # now stays missing, because no edge to a tombstone can be made.
                failed_condition |= {failure.write.item_key for failure in failed.failures}
            yield

    def _links(
        self,
        links: Sequence[tuple[Link, str]],
        origin: Origin,
        failed_condition: frozenset[ItemKey],
    ) -> list[Write]:
        drops: dict[str, frozenset[bytes]] = {}
        for link, id_ in links:
            name = link_attribute(link)
            drops[name] = drops.get(name, frozenset()) | {packed_id(id_)}
        edges = [
            s
            for s in edges_deleted(self.tenant, self.key, links)
            if s.item_key not in failed_condition
        ]
        deleted_item_keys = {write.item_key for write in edges}
        deleted_links = [
            (link, id_)
            for link, id_ in links
            if edge_key(self.tenant, Key(link.type, id_), link.attribute, self.key.id)
            in deleted_item_keys
        ]
        heads = sources_updated(self.tenant, self.key, deleted_links, self.clock(), origin)
        return [
            self._write(adds={"l": -len(links)}, drops=drops),
            *edges,
            *(head for head in heads if head.item_key not in failed_condition),
        ]

    def _edges(self, count: str, failed_condition: frozenset[ItemKey], until: int) -> list[Write]:
        relation = count.removeprefix("n.")
        # The kept edges of a slice take up to two items: nested edges, and others.
        slice_width = max(1, self.width - 1) if until else self.width
        rows = self.table.rows(edges_partition(self.tenant, self.key, relation), slice_width)
        if not rows.items:
            return [self._write(removes=(count,))]
        edges = [edge_of(row) for row in rows.items]
        edge_writes = tuple(EdgeChange(relation, edge.target, -1, {}) for edge in edges)
        kept_edges = [KeptEdge(relation, edge.target, edge.sent) for edge in edges if until]
        writes = EdgeWrites(self.tenant, self.key, edge_writes, self.clock()).writes()
        return [
            self._write(adds={count: -len(edge_writes)}),
            *(write for write in writes if write.item_key not in failed_condition),
            *edges_kept(self.tenant, self.key, kept_edges, until),
        ]

    def _burial(self, tombstone: Item, until: int) -> list[Write]:
        job = Write("Delete", reap_key(self.tenant, self.key), (exists(),), index_writes=1)
        if not tombstone:
            return [job]
        remaining = tuple(n for n in tombstone if n == "l" or n.startswith(("n.", "g.")))
        return [
            self._write(sets={"ttl": end_of_tombstone(self.clock(), until)}, removes=remaining),
            job,
        ]

    def _write(
        self,
        sets: Item = NOTHING,
        adds: Item = NOTHING,
        drops: Item = NOTHING,
        removes: tuple[str, ...] = (),
    ) -> Write:
        item_key = resource_key(self.tenant, self.key)
        return Write(
            "Update", item_key, (exists("d"),), sets=sets, adds=adds, drops=drops, removes=removes
        )
