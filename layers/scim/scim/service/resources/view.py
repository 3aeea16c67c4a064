"""The resource that a client sees, built from the stored record, its links and its edges."""

from collections.abc import Mapping, Sequence

from scim.errors import Unavailable
from scim.resource.body import AttributeKey, Spliced, schemas_of, value_at
from scim.resource.change import EdgeDelta
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import BackLink
from scim.schema.resource_type import ResourceType
from scim.schema.schema import split_name
from scim.service.attempt import LIMIT, Reading, settled
from scim.service.endpoint import Endpoint
from scim.service.messages import etag_of
from scim.service.relations.back_links import (
    Ancestry,
    View,
    ancestries_of,
    linked_view,
    with_given_by_groups,
)
from scim.service.relations.references import (
    Names,
    mentioned_records,
    names_of_targets,
    with_mentioned,
    with_names,
)
from scim.service.relations.values import (
    Inline,
    inlined,
    inlined_at_once,
    metadata,
    metadata_ref,
)
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.references import without_unseen


def plain_view(endpoint: Endpoint, record: Record) -> View:
    """Return the resource without relations; back links have only ids, and only direct ones.

    Filters and sorting use this view; nothing is read for it.
    """
    view: View = {
        "schemas": schemas_of(endpoint.resource_type, record.body),
        "id": record.key.id,
        **record.body,
        "meta": {
            "resourceType": record.key.type,
            "created": record.created,
            "lastModified": record.last_modified,
            "location": endpoint.location_of(*record.key),
            "version": etag_of(record.version),
        },
    }
    for back_link in endpoint.catalogue.back_links_of(record.key.type):
        ids = record.links.get(Link(back_link.source, back_link.relation), frozenset())
        if ids:
            view[back_link.attribute] = [{"value": id_} for id_ in sorted(ids)]
    return view


def full_views(endpoint: Endpoint, records: Sequence[Record], projection: Projection) -> list[View]:
    """Return the resources with relations and named back links, projected.

    Reads only what the projection selects, for all records together: the edges of relations, the
    names of referenced resources and, for back links, the ancestors of the records.
    """
    return _views(endpoint, records, projection, inlined(endpoint, records, projection))


def view_at_once(
    endpoint: Endpoint,
    record: Record,
    projection: Projection,
    deltas: Sequence[EdgeDelta],
    targets: Mapping[Key, Record],
) -> View | None:
    """Return the full view of a resource just after `deltas` changed its relations, None if it was deleted since.

    If it had no values before, `deltas` and `targets` are used instead of reading again.
    """
    inline = inlined_at_once(endpoint, record, projection, deltas, targets)
    if inline is None:
        return view_after(endpoint, record, projection)
    return _views(endpoint, [record], projection, inline)[0]


def view_after(endpoint: Endpoint, record: Record, projection: Projection) -> View | None:
    """Return the full view of a resource just after a change, None if it was deleted since.

    The edges of a deleted resource are not shown, so it would seem to have lost all its values.
    """
    inline = inlined(endpoint, [record], projection)
    has_none = not all(inline.values.values())
    if has_none and not Reading(endpoint).of([record.key]):
        return None
    return _views(endpoint, [record], projection, inline)[0]


def consistent_views(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> list[tuple[Record, View]]:
    """Return the full views, each of a single moment, with the records of that moment.

    A record and its edges are read one after the other. If others may have changed them in
    between, both are read again; a record deleted by then is omitted.
    Raises Unavailable when a record keeps changing.
    """
    views_by_key: dict[Key, tuple[Record, View]] = {}
    pending = list(records)
    for _ in range(LIMIT):
        inline = inlined(endpoint, pending, projection)
        views = _views(endpoint, pending, projection, inline)
        views_by_key |= {
            record.key: (record, view) for record, view in zip(pending, views, strict=True)
        }
        doubtful = [record for record in pending if record.key in inline.doubtful]
        latest = Reading(endpoint).of(record.key for record in doubtful) if doubtful else {}
        pending = []
        for record in doubtful:
            current = settled(endpoint, latest[record.key]) if record.key in latest else None
            if current is None:
                del views_by_key[record.key]
            elif current.version != record.version:
                pending.append(current)
        if not pending:
            return [views_by_key[record.key] for record in records if record.key in views_by_key]
    raise Unavailable("The resource keeps changing; try again.")


def _views(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection, inline: Inline
) -> list[View]:
    if isinstance(endpoint.directory, FilteredDirectory):
        records = without_unseen(endpoint, records)
    is_linked = any(record.links for record in records)
    above = ancestries_of(endpoint, records, projection) if is_linked else {}
    if _names_others(endpoint.resource_type, records):
        names = names_of_targets(endpoint, records, projection)
        mentioned = mentioned_records(endpoint, records, projection)
        plain_views = [
            with_mentioned(endpoint, record, _named_view(endpoint, record, names), mentioned)
            for record in records
        ]
    else:
        plain_views = [plain_view(endpoint, record) for record in records]
    return [
        _full_view(endpoint, record, view, projection, above, inline)
        for record, view in zip(records, plain_views, strict=True)
    ]


def _names_others(resource_type: ResourceType, records: Sequence[Record]) -> bool:
    """Tell whether one of the records names another resource, as a reference or in another attribute."""
    places = [(ref.container, ref.attribute.name) for ref in resource_type.mentions]
    places += [split_name(reference.attribute)[:2] for reference in resource_type.references]
    return any(value_at(record.body, *place) for record in records for place in places)


def _named_view(endpoint: Endpoint, record: Record, names: Names) -> View:
    return with_names(endpoint, record, plain_view(endpoint, record), names)


def etag_shown(endpoint: Endpoint, record: Record, shown: Mapping[str, object] | None) -> str:
    """Return the tag of a resource as shown, which also vouches for what it shows of others."""
    if isinstance(shown, Spliced) and shown.etag:
        return shown.etag
    if shown is None:
        return etag_of(record.version)
    meta = shown.get("meta")
    version = meta.get("version") if isinstance(meta, Mapping) else None
    return str(version or etag_of(record.version, _of_others(endpoint, shown)))


def _of_others(endpoint: Endpoint, shown: Mapping[str, object]) -> dict[AttributeKey, object]:
    """Return the shown attributes that may change without a new version of the resource."""
    resource_type = endpoint.resource_type
    back_links = endpoint.catalogue.back_links_of(resource_type.name)
    names = [back_link.attribute for back_link in back_links]
    names += [relation.attribute for relation in resource_type.relations]
    names += endpoint.mapping.given if endpoint.mapping is not None else ()
    places: list[AttributeKey] = [(None, name) for name in names]
    places += [
        (ref.container, ref.attribute.name)
        for relation in resource_type.relations
        if (ref := metadata_ref(endpoint, relation)) is not None
    ]
    places += [split_name(reference.attribute)[:2] for reference in resource_type.references]
    places += [(ref.container, ref.attribute.name) for ref in resource_type.mentions]
    values_by_place = ((place, value_at(shown, *place)) for place in places)
    return {place: value for place, value in values_by_place if value}


def _full_view(
    endpoint: Endpoint,
    record: Record,
    view: View,
    projection: Projection,
    above: Mapping[BackLink, Ancestry],
    inline: Inline,
) -> View:
    meta = view.pop("meta")
    view = _with_others(endpoint, record, view, above, inline)
    extensions, unasked = _metadata(endpoint, record, projection, inline)
    shown = projection.shown({**view, **extensions, "meta": meta})
    values_of_others = _of_others(endpoint, {**shown, **unasked})
    if values_of_others and isinstance(shown_meta := shown.get("meta"), Mapping):
        version = etag_of(record.version, values_of_others)
        shown["meta"] = {
            name: version if name == "version" else value for name, value in shown_meta.items()
        }
    # A client would take a silently omitted value for absent, so every client is told.
    shown |= {uri: value for uri, value in unasked.items() if uri not in shown}
    if extensions and isinstance(schemas := shown.get("schemas"), list):
        new_uris = sorted(uri for uri in extensions if uri in shown and uri not in schemas)
        shown["schemas"] = [*schemas, *new_uris]
    return shown


def _with_others(
    endpoint: Endpoint,
    record: Record,
    view: View,
    above: Mapping[BackLink, Ancestry],
    inline: Inline,
) -> View:
    """Return the view with what it shows of other resources: back links, values of groups, relations."""
    for back_link in endpoint.catalogue.back_links_of(record.key.type):
        view.pop(back_link.attribute, None)
    if above:
        view |= linked_view(endpoint, record, above)
    mapping = endpoint.mapping
    if mapping is not None and mapping.given:
        view = with_given_by_groups(endpoint, mapping, record, view, above)
    for relation in endpoint.resource_type.relations:
        place = record.key, relation.attribute
        values = inline.values.get(place)
        if values:
            view[relation.attribute] = values
        elif place not in inline.left_out:
            if endpoint.profile.wire.has_empty_relations:
                view[relation.attribute] = []
        elif relation.metadata is None:
            endpoint.unshown[place] = None
    return view


def _metadata(
    endpoint: Endpoint, record: Record, projection: Projection, inline: Inline
) -> tuple[View, View]:
    """Return the extensions that describe relations, and those of them to show even if not asked for."""
    extensions: View = {}
    forced_extensions: View = {}
    for relation in endpoint.resource_type.relations:
        ref = metadata_ref(endpoint, relation)
        if ref is None or ref.container is None:
            continue
        is_left_out = (record.key, relation.attribute) in inline.left_out
        is_asked_for = projection.asks_for(ref.container, ref.attribute.name)
        is_large = record.counts.get(relation.attribute, 0) > endpoint.bounds.inline_members
        if not (is_left_out or is_asked_for or is_large):
            continue
        description = metadata(endpoint, record, relation, is_left_out=is_left_out)
        extension = {ref.container: {ref.attribute.name: description}}
        extensions |= extension
        if is_left_out:
            forced_extensions |= extension
    return extensions, forced_extensions
