"""The ancestors of resources by a relation: how they are read, and shown as back links."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from scim.immutable import immutable
from scim.resource.mapped.groups import with_given
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import BackLink
from scim.schema.mapping import TypeMapping
from scim.service.edges import without_link_parts
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
    records: Mapping[Key, Record]

    def parents_of(self, record: Record) -> list[Key]:
        """Return the resources that have the record as a value, in id order."""
        return [key for key in parents(record, self.link) if key in self.records]

    def indirect_ancestors_of(self, record: Record) -> list[Key]:
        """Return the indirect ancestors: resources above the record that do not have it as a value."""
        level = self.parents_of(record)
        seen = {record.key, *level}
        ancestors: list[Key] = []
        while level:
            level = [
                key
                for key in dict.fromkeys(
                    parent for child in level for parent in self.parents_of(self.records[child])
                )
                if key not in seen
            ]
            seen.update(level)
            ancestors += level
        return sorted(ancestors)

    def levels(self, limit: int) -> int:
        """Return the number of levels above the records, at most one more than `limit`."""
        return 1 + levels(self.records, self._above, limit) if self.records else 0

    def _above(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Key]]:
        return {key: self.parents_of(self.records[key]) for key in keys}


def parents(record: Record, link: Link) -> list[Key]:
    """Return the keys in the record's back link, in id order, live or not."""
    return [Key(link.type, id_) for id_ in sorted(record.links.get(link, ()))]


def ancestry_of(endpoint: Endpoint, records: Sequence[Record], link: Link, read: Read) -> Ancestry:
    """Read all ancestors of the records, one batch per level.

    Levels above the first are read only if the relation's source type is one of its own
    targets and a parent is itself nested.
    """
    is_nested = link in endpoint.catalogue.nesting
    ancestors: dict[Key, Record] = {}
    keys_read: set[Key] = set()
    level = sorted({key for record in records for key in parents(record, link)})
    while level:
        keys_read.update(level)
        records_by_key = read(endpoint.tenant, level)
        ancestors.update(records_by_key)
        parent_keys = {key for record in records_by_key.values() for key in parents(record, link)}
        level = sorted(parent_keys - keys_read) if is_nested else []
    return Ancestry(link, ancestors)


def ancestries_of(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> Mapping[BackLink, Ancestry]:
    """Return the ancestors of the records by each back link that the projection needs."""
    return {
        back_link: ancestry_of(
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
    endpoint: Endpoint, record: Record, ancestries: Mapping[BackLink, Ancestry]
) -> dict[str, list[View]]:
    """Return the back links that a client sees, without empty ones."""
    back_links: dict[str, list[View]] = {}
    for back_link, ancestry in ancestries.items():
        values = _back_link_values(endpoint, record, ancestry)
        if back_link.undefined:
            values = without_link_parts(values, back_link.undefined)
        back_links[back_link.attribute] = back_links.get(back_link.attribute, []) + values
    return {name: values for name, values in back_links.items() if values}


def with_given_by_groups(
    endpoint: Endpoint,
    mapping: TypeMapping,
    record: Record,
    view: View,
    ancestries: Mapping[BackLink, Ancestry],
) -> View:
    """Return the view with the values that the record's groups give by the tenant's mapping.

    A caller who may not see a group does not see what it gives.
    """
    groups = [
        ancestry.records[key]
        for ancestry in ancestries.values()
        for key in _above(ancestry, record)
    ]
    return with_given(mapping, endpoint.catalogue, view, groups)


def _above(ancestry: Ancestry, record: Record) -> list[Key]:
    return [*ancestry.parents_of(record), *ancestry.indirect_ancestors_of(record)]


def _back_link_values(endpoint: Endpoint, record: Record, ancestry: Ancestry) -> list[View]:
    keys_by_kind: tuple[tuple[str, list[Key]], ...] = (
        ("direct", ancestry.parents_of(record)),
        ("indirect", ancestry.indirect_ancestors_of(record)),
    )
    return [
        {**endpoint.reference(key, endpoint.display_of(ancestry.records[key])), "type": kind}
        for kind, keys in keys_by_kind
        for key in keys
    ]
