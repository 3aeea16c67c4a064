"""The overlay of a dry run: what its changes would have left, by the names of resources and unique values.

Reads go through it: an entry takes the place of what is stored, or adds to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from scim.immutable import immutable
from scim.resource.access_path import EdgePage, IndexValue
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Link, Pointer, Record

Content = Mapping[str, Any]
"""A resource or the holder of a value, as JSON; a resource that is deleted has no members."""
DELETED_MARKER: Content = {}


@immutable
class OverlayEntry:
    """What the overlay has under a name.

    `content` takes the place of what is stored, None if nothing does; `revision` counts how often it changed.
    `linked` and `unlinked` are the ids that a back link would have gained and lost, `referrers` is by how much
    the number of references would have grown.
    """

    content: Content | None = None
    revision: int = 0
    linked: Mapping[Link, frozenset[str]] = field(default_factory=dict)
    unlinked: Mapping[Link, frozenset[str]] = field(default_factory=dict)
    referrers: Mapping[Link, int] = field(default_factory=dict)

    @property
    def nested(self) -> "Nested":
        nested: Nested = (self.content or DELETED_MARKER).get("nested", {})
        return nested


NO_OVERLAY_ENTRY = OverlayEntry()

Nested = Mapping[str, Mapping[str, bool]]
"""By relation, the ids of the resource's own type that would be added (true) or removed."""


@immutable
class OverlayChange:
    """What a change writes under a name: new content, or one id of a back link, or a number of references.

    New content is based on `revision`: it is stale if the content has changed since.
    """

    name: str
    content: Content | None = None
    revision: int = 0
    link: Link | None = None
    linked: str = ""
    unlinked: str = ""
    references: int = 0


def resource_name(key: Key) -> str:
    return f"{key.type} {key.id}"


def value_name(path: IndexValue) -> str:
    # Ids have no blanks, so this is never the name of a resource.
    return f"{path.type} {path.attribute} {path.value}"


def entry_after(earlier: OverlayEntry, overlay_change: OverlayChange) -> OverlayEntry:
    """Return the entry after one more change."""
    linked, unlinked, link = earlier.linked, earlier.unlinked, overlay_change.link
    referrers = earlier.referrers
    if link is not None:
        linked = _moved(linked, link, overlay_change.linked, overlay_change.unlinked)
        unlinked = _moved(unlinked, link, overlay_change.unlinked, overlay_change.linked)
        referrers = {**referrers, link: referrers.get(link, 0) + overlay_change.references}
    if overlay_change.content is None:
        return OverlayEntry(earlier.content, earlier.revision, linked, unlinked, referrers)
    return OverlayEntry(overlay_change.content, earlier.revision + 1, linked, unlinked, referrers)


def _moved(
    sets: Mapping[Link, frozenset[str]], link: Link, added: str, removed: str
) -> Mapping[Link, frozenset[str]]:
    ids = (sets.get(link, frozenset()) | {added}) - {removed, ""}
    others = {name: of_name for name, of_name in sets.items() if name != link}
    return {**others, link: ids} if ids else others


def content_of(record: Record, nested: Nested, deltas: Iterable[EdgeDelta]) -> Content:
    """Return the content of a resource's entry; `nested` is that of the entry before the deltas."""
    after = dict(nested)
    for delta in deltas:
        own_type = record.key.type
        added = {edge.target.id: True for edge in delta.added if edge.target.type == own_type}
        removed = {target.id: False for target in delta.removed if target.type == own_type}
        after[delta.attribute] = {**after.get(delta.attribute, {}), **removed, **added}
    return {
        "version": record.version,
        "created": record.created,
        "lastModified": record.last_modified,
        "body": dict(record.body),
        "counts": dict(record.counts),
        "nested": after,
    }


def record_after(key: Key, stored: Record | None, entry: OverlayEntry) -> Record | None:
    """Return the record as the changes would have left it, None if there is no such resource."""
    record = stored if entry.content is None else _record_of(key, stored, entry.content)
    if record is None:
        return None
    links, referrers = dict(record.links), dict(record.referrers)
    for link in {*entry.linked, *entry.unlinked}:
        ids = links.get(link, frozenset()) | entry.linked.get(link, frozenset())
        links[link] = ids - entry.unlinked.get(link, frozenset())
    for link, growth in entry.referrers.items():
        referrers[link] = referrers.get(link, 0) + growth
    return replace(
        record,
        links={link: ids for link, ids in links.items() if ids},
        referrers={link: number for link, number in referrers.items() if number > 0},
    )


def _record_of(key: Key, stored: Record | None, content: Content) -> Record | None:
    """Return the record of a content, with what other stored resources have to do with it."""
    if content == DELETED_MARKER:
        return None
    return replace(
        stored or Record(key, 0, "", "", {}),
        version=content["version"],
        created=content["created"],
        last_modified=content["lastModified"],
        body=content["body"],
        counts=content["counts"],
        text="",
    )


def edges_after(source: Key, attribute: str, page: EdgePage, entry: OverlayEntry) -> EdgePage:
    """Return a page of edges without removed ones of the source's own type; the last page has those added."""
    nested = entry.nested.get(attribute, {})
    own = {Key(source.type, id_): is_added for id_, is_added in nested.items()}
    edges = [edge for edge in page.edges if edge.target not in own]
    if page.beyond is None:
        edges += [Edge(target) for target, is_added in own.items() if is_added]
    return EdgePage(edges, page.beyond)


def links_moved(key: Key, deltas: Iterable[EdgeDelta]) -> Iterator[OverlayChange]:
    """Yield what the deltas of a resource change of others of its own type."""
    for delta in deltas:
        link = Link(key.type, delta.attribute)
        for target in (edge.target for edge in delta.added):
            if target.type == key.type:
                yield OverlayChange(resource_name(target), link=link, linked=key.id)
        for target in delta.removed:
            if target.type == key.type:
                yield OverlayChange(resource_name(target), link=link, unlinked=key.id)


def references_moved(
    type_name: str, before: frozenset[Pointer], after: frozenset[Pointer]
) -> Iterator[OverlayChange]:
    """Yield what references of a resource of the type change of the resources that they name."""
    for pointer in sorted(before ^ after):
        link, growth = Link(type_name, pointer.attribute), 1 if pointer in after else -1
        yield OverlayChange(resource_name(pointer.target), link=link, references=growth)
