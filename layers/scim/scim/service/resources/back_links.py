"""What is shown of a resource because others have it as a value: its back links, and what groups give."""

from collections.abc import Mapping, Sequence

from scim.resource.mapped.groups import with_given
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import BackLink
from scim.service.edges import display_of, reference
from scim.service.endpoint import Endpoint
from scim.service.relations.nesting import Ancestry, ancestry

View = dict[str, object]


def ancestries(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> Mapping[BackLink, Ancestry]:
    """Return what lies above the records by each back link the projection wants."""
    return {
        back_link: ancestry(
            endpoint,
            records,
            Link(back_link.source, back_link.relation),
            endpoint.directory.read_named,
        )
        for back_link in endpoint.catalogue.back_links_of(endpoint.resource_type.name)
        if projection.wants(back_link.attribute) or _wants_given(endpoint, projection)
    }


def _wants_given(endpoint: Endpoint, projection: Projection) -> bool:
    """Tell whether something is wanted that groups give."""
    mapping = endpoint.mapping
    return mapping is not None and any(projection.wants(name) for name in mapping.given)


def linked_view(
    endpoint: Endpoint, record: Record, above: Mapping[BackLink, Ancestry]
) -> dict[str, list[View]]:
    """Return the back links a client sees, those without a value left out."""
    linked: dict[str, list[View]] = {}
    for back_link, found in above.items():
        values = _back_link_values(endpoint, record, found)
        linked[back_link.attribute] = linked.get(back_link.attribute, []) + values
    return {name: values for name, values in linked.items() if values}


def with_given_by_groups(
    endpoint: Endpoint, record: Record, view: View, above: Mapping[BackLink, Ancestry]
) -> View:
    """Return the view with what the groups that the record is in give, where a tenant maps groups.

    Whoever does not see a group does not see what it gives.
    """
    mapping = endpoint.mapping
    if mapping is None or not mapping.given:
        return view
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
        {**reference(endpoint, key, display_of(endpoint, above.known[key])), "type": kind}
        for kind, keys in kinds
        for key in keys
    ]
