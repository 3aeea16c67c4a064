"""The deletion of a resource: a tombstone at once. A few edges are removed with it, many by the reaper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scim.resource.change import Deletion, EdgeDelta
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Key, Link, Stale
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete
from scim.store.directory.attribution import attribution, attribution_of_both
from scim.store.directory.commit import entries_deleted
from scim.store.directory.kept import copy_put
from scim.store.directory.links import referrers_removed, relations_by_source
from scim.store.directory.resource_item import (
    FREE,
    INDEX_MOVE,
    end_of_tombstone,
    index_keys,
    index_writes,
    is_live,
    record_of,
    weight_of,
)
from scim.store.dynamodb.values import SCHEMA, Item, binary
from scim.store.dynamodb.write import (
    Condition,
    ConditionFailed,
    Write,
    absent,
    counts,
    equals,
    exists,
    merged_by_item,
)
from scim.store.keys.directory import (
    ItemKey,
    closing_key,
    count_attribute,
    edge_key,
    link_attribute,
    reap_key,
    referrers_attribute,
    resource_key,
    work_keys,
)

LINKS_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A deletion to be made; `is_closing` if a cascade through its referrers came before it."""

    tenant: str
    deletion: Deletion
    is_closing: bool = False

    def is_awaited(self) -> bool:
        """Tell whether the resource has referrers, which have to be deleted before it."""
        return bool(self.deletion.outlines) and bool(self.deletion.before.referrers)

    def is_forbidden(self) -> bool:
        """Tell whether the resource has referrers that prevent its deletion."""
        return not self.deletion.before.referrers.keys().isdisjoint(
            refusing_references(self.deletion)
        )

    def leaves_work(self) -> bool:
        """Tell whether the resource has too many edges to remove in the same transaction."""
        before = self.deletion.before
        links = len(pairs_of(before.links))
        others = len(self.deletion.entries) + len(self.deletion.pointers)
        return bool(before.counts) or links > LINKS_AT_ONCE - others // 2

    def writes(self) -> list[Write]:
        """Return the steps that delete the resource, with its edges or with a job for the reaper."""
        before = self.deletion.before
        other_writes = [
            *copy_put(self.tenant, self.deletion),
            *entries_deleted(self.tenant, before.key, self.deletion.entries),
            *referrers_removed(self.tenant, before.key.type, self.deletion.pointers),
        ]
        if self.is_closing:
            cascade_key = closing_key(self.tenant, before.key)
            other_writes.append(Write("Delete", cascade_key, (exists(),), index_writes=1))
        if self.leaves_work():
            job: Item = {"k": "reap", "s": SCHEMA, "at": self.deletion.now}
            if self.deletion.kept_until:
                job = {**job, "kept": self.deletion.kept_until}
            item = {**job, **work_keys(self.tenant, "reap", before.key)}
            reap = Write("Put", reap_key(self.tenant, before.key), item=item, index_writes=1)
            tombstone = self._tombstone()
            tombstone = tombstone._replace(removes=("z", *tombstone.removes))
            return merged_by_item((tombstone, *other_writes, reap))
        links = pairs_of(before.links)
        writes = (
            self._buried(),
            *other_writes,
            *edges_deleted(self.tenant, before.key, links),
            *sources_updated(
                self.tenant, before.key, links, self.deletion.now, self.deletion.origin
            ),
        )
        return merged_by_item(writes)

    def again(self, failed_condition: ConditionFailed) -> "Tombstone":
        """Return the same deletion for the resource as it now is. Raises Stale if its content has changed.

        Edges may have been added and removed. The content may not differ, or its index entries would stay
        behind.
        """
        before = self.deletion.before
        item_key = resource_key(self.tenant, before.key)
        item = next(
            (
                failure.item
                for failure in failed_condition.failures
                if failure.write.item_key == item_key
            ),
            None,
        )
        if item is None:
            raise failed_condition.cause()
        if not is_live(item):
            raise Stale
        current = record_of(before.key.type, item)
        is_other = current.version != before.version
        if is_other and (self.deletion.must_match or current.body != before.body):
            raise Stale
        return replace(self, deletion=replace(self.deletion, before=current))

    def _tombstone(self) -> Write:
        before, now = self.deletion.before, self.deletion.now
        return Write(
            "Update",
            resource_key(self.tenant, before.key),
            (*FREE, equals("v", before.version), *self._unreferred(), *self._as_kept()),
            removes=("x", *self._referrers()) if self.deletion.outlines else (),
            sets={
                "d": now,
                "m": now,
                **index_keys(self.tenant, before.key, now),
                "by": attribution(self.deletion.origin, Action.DELETE),
            },
            adds={"v": 1},
            size=weight_of(before),
            index_writes=index_writes(before.last_modified, now),
        )

    def _as_kept(self) -> Iterator[Condition]:
        """Yield the condition that the kept links are all the links to the resource."""
        if self.deletion.kept_until:
            yield counts("l", len(pairs_of(self.deletion.before.links)))

    def _unreferred(self) -> Iterator[Condition]:
        """Yield the conditions that the resource has no referrers and can get none."""
        if self.deletion.outlines:
            yield exists("x") if self.is_closing else absent("x")
            yield from (counts(name, 0) for name in self._referrers())

    def _referrers(self) -> list[str]:
        before = self.deletion.before
        outline = self.deletion.outlines.get(before.key.type, Outline())
        links = {Link(referrer.type, referrer.attribute) for referrer in outline.referrers}
        return sorted(referrers_attribute(link) for link in links | set(before.referrers))

    def _buried(self) -> Write:
        """Return the tombstone of a resource without edges of its own: nothing is left to reap."""
        before, tombstone = self.deletion.before, self._tombstone()
        relations = dict.fromkeys(map(count_attribute, self.deletion.relations))
        return tombstone._replace(
            # An edge that was added since the resource was read must not be lost.
            conditions=(*tombstone.conditions, counts("l", len(pairs_of(before.links)))),
            sets={
                **tombstone.sets,
                "ttl": end_of_tombstone(self.deletion.now, self.deletion.kept_until),
            },
            removes=("z", "l", *tombstone.removes, *map(link_attribute, before.links), *relations),
        )


def refusing_references(deletion: Deletion) -> frozenset[Link]:
    """Return the references that prevent a resource's deletion."""
    outline = deletion.outlines.get(deletion.before.key.type, Outline())
    return frozenset(
        Link(referrer.type, referrer.attribute)
        for referrer in outline.referrers
        if referrer.on_delete is OnDelete.REFUSE
    )


def pairs_of(links: Mapping[Link, frozenset[str]]) -> list[tuple[Link, str]]:
    """Return each relation that points here with each of its sources' ids, in order."""
    return [(link, id_) for link in sorted(links) for id_ in sorted(links[link])]


def edges_deleted(tenant: str, target: Key, links: Iterable[tuple[Link, str]]) -> list[Write]:
    """Return the steps that remove the edges to a deleted resource."""
    return [
        Write(
            "Delete",
            edge_key(tenant, Key(link.type, id_), link.attribute, target.id),
            (exists(),),
        )
        for link, id_ in links
    ]


def attribution_of_loss(origin: Origin, attributes: Iterable[str], target: Key) -> bytes:
    """Return the attribute `by` for a resource that loses edges because their target was deleted."""
    removed = (EdgeDelta(attribute, removed=(target,)) for attribute in attributes)
    return attribution(origin, Action.PATCH, removed)


def merged_changes(writes: Iterable[Write]) -> list[Write]:
    """Return the steps, with those on the same item merged.

    If several change the relations of one resource, its attribute `by` has all of their edges, and its version
    increases by one.
    """
    all_writes = list(writes)
    origins: dict[ItemKey, bytes] = {}
    for write in all_writes:
        if "by" in write.sets:
            by = binary(write.sets, "by")
            earlier = origins.get(write.item_key)
            origins[write.item_key] = by if earlier is None else attribution_of_both(earlier, by)
    return [
        write._replace(
            sets={**write.sets, "by": origins[write.item_key]}, adds={**write.adds, "v": 1}
        )
        if write.item_key in origins
        else write
        for write in merged_by_item(all_writes)
    ]


def sources_updated(
    tenant: str, target: Key, links: Iterable[tuple[Link, str]], now: str, origin: Origin
) -> list[Write]:
    """Return the steps on the sources of edges to a deleted resource, which now have one edge less.

    The counts of a source that is itself deleted change too, because the reaper relies on them.
    """
    return [
        Write(
            "Update",
            resource_key(tenant, key),
            (exists("v"),),
            sets={
                "m": now,
                **index_keys(tenant, key, now),
                "by": attribution_of_loss(origin, attributes, target),
            },
            adds={"v": 1, **{count_attribute(attribute): -1 for attribute in attributes}},
            index_writes=INDEX_MOVE,
        )
        for key, attributes in relations_by_source(links).items()
    ]
