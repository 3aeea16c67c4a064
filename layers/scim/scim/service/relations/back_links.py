"""The ancestors of resources by a relation: how they are read, and shown as back links."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from scim.immutable import immutable
from scim.resource.mapped.groups import with_given
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import BackLink
from scim.schema.mapping import TypeMapping
from scim.service.endpoint import Endpoint
from scim.service.relations.depth import levels

View = dict[str, object]
"""A resource as a client sees it."""

Read = Callable[[str, Iterable[Key]], Mapping[Key, Record]]
"""A method of the directory that reads records of a tenant: as of now, or a moment old."""


@immutable
class Ancestry:
    """The live ancestors of some records by one relation."""

    link: Link
    known: Mapping[Key, Record]

    def parents_of(self, record: Record) -> list[Key]:
        """Return the resources that have the record as a value, in id order."""
        return [key for key in parents(record, self.link) if key in self.known]

    def above(self, record: Record) -> list[Key]:
        """Return the indirect ancestors: resources above the record that do not have it as a value."""
        level = self.parents_of(record)
        seen = {record.key, *level}
        found: list[Key] = []
        while level:
            level = [
                key
                for key in dict.fromkeys(
                    up for each in level for up in self.parents_of(self.known[each])
                )
                if key not in seen
            ]
            seen.update(level)
            found += level
        return sorted(found)

    def levels(self, most: int) -> int:
        """Return the number of levels above the records, at most one more than `most`."""
        return 1 + levels(self.known, self._above, most) if self.known else 0

    def _above(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Key]]:
        return {key: self.parents_of(self.known[key]) for key in keys}


def parents(record: Record, link: Link) -> list[Key]:
    """Return the keys in the record's back link, in id order, live or not."""
    return [Key(link.type, id_) for id_ in sorted(record.links.get(link, ()))]


def ancestry(endpoint: Endpoint, records: Sequence[Record], link: Link, read: Read) -> Ancestry:
    """Read all ancestors of the records, one batch per level.

    Levels above the first are read only if the relation's source type is one of its own
    targets and a parent is itself nested.
    """
    climbs = link in endpoint.catalogue.nesting
    known: dict[Key, Record] = {}
    asked: set[Key] = set()
    level = sorted({key for record in records for key in parents(record, link)})
    while level:
        asked.update(level)
        found = read(endpoint.tenant, level)
        known.update(found)
        above = {key for record in found.values() for key in parents(record, link)}
        level = sorted(above - asked) if climbs else []
    return Ancestry(link, known)


def ancestries(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> Mapping[BackLink, Ancestry]:
    """Return the ancestors of the records by each back link that the projection needs."""
    return {
        back_link: ancestry(
            endpoint,
            records,
            Link(back_link.source, back_link.relation),
            endpoint.directory.read_named,
        )
        for back_link in endpoint.catalogue.back_links_of(endpoint.resource_type.name)
        if back_link.attribute in projection.base or _wants_given(endpoint, projection)
    }


def _wants_given(endpoint: Endpoint, projection: Projection) -> bool:
    """Tell whether the projection selects an attribute that groups give."""
    mapping = endpoint.mapping
    return mapping is not None and any(projection.wants(name) for name in mapping.given)


def linked_view(
    endpoint: Endpoint, record: Record, above: Mapping[BackLink, Ancestry]
) -> dict[str, list[View]]:
    """Return the back links that a client sees, without empty ones."""
    linked: dict[str, list[View]] = {}
    for back_link, found in above.items():
        values = _back_link_values(endpoint, record, found)
        linked[back_link.attribute] = linked.get(back_link.attribute, []) + values
    return {name: values for name, values in linked.items() if values}


def with_given_by_groups(
    endpoint: Endpoint,
    mapping: TypeMapping,
    record: Record,
    view: View,
    above: Mapping[BackLink, Ancestry],
) -> View:
    """Return the view with the values that the record's groups give by the tenant's mapping.

    A caller who may not see a group does not see what it gives.
    """
    groups = [found.known[key] for found in above.values() for key in _above(found, record)]
    return with_given(mapping, endpoint.catalogue, view, groups)


def _above(found: Ancestry, record: Record) -> list[Key]:
    return [*found.parents_of(record), *found.above(record)]


def _back_link_values(endpoint: Endpoint, record: Record, above: Ancestry) -> list[View]:
    kinds: tuple[tuple[str, list[Key]], ...] = (
        ("direct", above.parents_of(record)),
        ("indirect", above.above(record)),
    )
    return [
        {**endpoint.reference(key, endpoint.display_of(above.known[key])), "type": kind}
        for kind, keys in kinds
        for key in keys
    ]
