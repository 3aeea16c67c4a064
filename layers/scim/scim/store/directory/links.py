"""Relations as edges, and references as counts of referrers.

A relation has one item for each edge, and the target's link set has the ids of the sources. A reference is in
the referrer's body and in an index entry; its target counts its referrers and cannot be deleted before them.
The transaction that adds an edge or a reference has the condition that the target is live.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from scim.errors import InvalidValue
from scim.immutable import immutable
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Link, Pointer
from scim.store.directory.resource_item import packed_id
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_object, text
from scim.store.dynamodb.write import ConditionFailed, Outgrown, Write, absent, exists
from scim.store.keys.directory import (
    count_attribute,
    edge_key,
    link_attribute,
    referrers_attribute,
    resource_key,
)


@immutable
class EdgeChange:
    """One edge that is added (`by` 1), removed (-1), or stays with another `sent` (0)."""

    attribute: str
    target: Key
    by: int
    sent: Mapping[str, object]


def edge_changes_of(source: Key, deltas: Iterable[EdgeDelta]) -> tuple[EdgeChange, ...]:
    """Return the edges that change, each once, in key order. Raises InvalidValue for an edge to itself."""
    changes: dict[tuple[str, Key], EdgeChange] = {}
    for delta in deltas:
        for key in delta.removed:
            changes[delta.attribute, key] = EdgeChange(delta.attribute, key, -1, {})
        for edge in delta.added:
            edge_place = (delta.attribute, edge.target)
            by = 0 if edge_place in changes and changes[edge_place].by < 1 else 1
            changes[edge_place] = EdgeChange(delta.attribute, edge.target, by, edge.sent)
    if any(key == source for _, key in changes):
        raise InvalidValue("A resource cannot be related to itself.")
    return tuple([changes[edge_place] for edge_place in sorted(changes)])


@immutable
class EdgeWrites:
    """Edges of one source that change together, at `now`; `gone` are targets without an item."""

    tenant: str
    source: Key
    changes: tuple[EdgeChange, ...]
    now: str
    gone: frozenset[Key] = frozenset()

    def counts(self) -> dict[str, int]:
        """Return the change in the number of edges of each relation, as attributes of the source's item."""
        counts: Counter[str] = Counter()
        for change in self.changes:
            counts[count_attribute(change.attribute)] += change.by
        return {name: by for name, by in counts.items() if by}

    def writes(self) -> list[Write]:
        """Return the steps on the edges, then those on their targets."""
        return [*map(self._edge, self.changes), *self._targets().values()]

    def without_gone(self, failed_condition: ConditionFailed) -> Self | None:
        """Return the changes with the missing targets in `gone`, or None if another condition failed.

        A target need not exist for an edge to be removed.
        """
        writes = {write.item_key: key for key, write in self._targets().items()}
        failed = [writes.get(failure.write.item_key) for failure in failed_condition.failures]
        missing = frozenset(key for key in failed if key is not None)
        arriving = {change.target for change in self.changes if change.by > 0}
        if None in failed or missing & arriving:
            return None
        return replace(self, gone=self.gone | missing)

    def without_refused(self, failed_condition: ConditionFailed) -> Self:
        """Return the changes that are still to be made: rolling forward skips those that are already made."""
        failed = {failure.write.item_key for failure in failed_condition.failures}
        missing = frozenset(
            key for key, write in self._targets().items() if write.item_key in failed
        )
        return replace(
            self,
            changes=tuple(
                change
                for change in self.changes
                if self._place(change) not in failed
                and not (change.by > 0 and change.target in missing)
            ),
            gone=self.gone | missing,
        )

    def without_full(self, outgrown: Outgrown) -> Self:
        """Return the changes without new edges to targets that have no room for the link.

        Raises the error itself if it is about no such target.
        """
        full_targets = {
            key for key, write in self._targets().items() if write.item_key in outgrown.item_keys
        }
        fitting_changes = tuple(
            change
            for change in self.changes
            if not (change.by > 0 and change.target in full_targets)
        )
        if len(fitting_changes) == len(self.changes):
            raise outgrown
        return replace(self, changes=fitting_changes)

    def _place(self, change: EdgeChange) -> tuple[str, str]:
        return edge_key(self.tenant, self.source, change.attribute, change.target.id)

    def _edge(self, change: EdgeChange) -> Write:
        item_key = edge_key(self.tenant, self.source, change.attribute, change.target.id)
        if change.by < 0:
            return Write("Delete", item_key, (exists(),))
        condition = absent() if change.by > 0 else exists()
        item = edge_item(change.target.type, change.sent, self.now)
        return Write("Put", item_key, (condition,), item=item)

    def _targets(self) -> dict[Key, Write]:
        writes: dict[Key, Write] = {}
        for change in self.changes:
            if change.by and change.target not in self.gone:
                write = self._target(change)
                earlier_write = writes.get(change.target)
                writes[change.target] = (
                    write if earlier_write is None else earlier_write.merged(write)
                )
        return writes

    def _target(self, change: EdgeChange) -> Write:
        link = link_attribute(Link(self.source.type, change.attribute))
        ids = frozenset({packed_id(self.source.id)})
        item_key = resource_key(self.tenant, change.target)
        if change.by > 0:
            return Write("Update", item_key, (exists("v"), absent("d")), adds={link: ids, "l": 1})
        return Write("Update", item_key, (exists("v"),), drops={link: ids}, adds={"l": -1})


def edge_item(target_type: str, sent: Mapping[str, object], now: str) -> Item:
    """Return the item of an edge, without its primary key."""
    item: Item = {"k": "edge", "s": SCHEMA, "t": target_type, "c": now}
    return {**item, "x": packed(sent)} if sent else item


def edge_of(item: Item) -> Edge:
    sent = packed_object(item, "x") if "x" in item else {}
    return Edge(Key(text(item, "t"), text(item, "sk")), sent, text(item, "c"))


def split(changes: Sequence[EdgeChange], width: int) -> list[Sequence[EdgeChange]]:
    """Return the changes in slices of at most `width`."""
    return [changes[start : start + width] for start in range(0, len(changes), width)]


def referrers_added(tenant: str, type_name: str, pointers: Iterable[Pointer]) -> list[Write]:
    """Return the steps on the targets of new references from the type: each must be live and not ending."""
    return [
        Write(
            "Update",
            resource_key(tenant, pointer.target),
            (exists("v"), absent("d"), absent("x")),
            adds={referrers_attribute(Link(type_name, pointer.attribute)): 1},
        )
        for pointer in sorted(pointers)
    ]


def relations_by_source(links: Iterable[tuple[Link, str]]) -> Mapping[Key, Sequence[str]]:
    """Return the relations in which each source has the resource that these links point to."""
    relations: dict[Key, list[str]] = {}
    for link, id_ in links:
        relations.setdefault(Key(link.type, id_), []).append(link.attribute)
    return relations


def referrers_removed(tenant: str, type_name: str, pointers: Iterable[Pointer]) -> list[Write]:
    """Return the steps on the targets of removed references from a resource of the type."""
    return [
        Write(
            "Update",
            resource_key(tenant, pointer.target),
            (exists("v"),),
            adds={referrers_attribute(Link(type_name, pointer.attribute)): -1},
        )
        for pointer in sorted(pointers)
    ]
