"""Resources as JSON text, put together around the stored body without taking that apart."""

import json
from collections.abc import Iterator, Mapping, Sequence

from scim.resource.body import ParsedLater, attributes_of, schemas_of
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.schema.catalogue import BackLink
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Returned
from scim.service.endpoint import Endpoint
from scim.service.relations.nesting import Ancestry
from scim.service.resources.back_links import ancestries, linked_view
from scim.service.resources.view import etag_shown
from scim.service.visibility.references import without_unseen

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Spliced(ParsedLater):
    """A resource as text; taken apart only for who looks into it."""


def spliced(endpoint: Endpoint, records: Sequence[Record]) -> dict[Key, Spliced]:
    """Return those resources, whole and as a client sees them, whose bodies are all there is.

    What points at a resource is put in beside the body; it is read for all of them together.
    """
    hidden = tuple(_hidden(endpoint.resource_type))
    # What a resource refers to is named within its body.
    whole = () if endpoint.resource_type.references else without_unseen(endpoint, records)
    named = tuple(f'"{ref.attribute.name}":' for ref in endpoint.resource_type.mentions)
    # What groups give is put among what is a resource's own.
    given = () if endpoint.mapping is None else endpoint.mapping.given
    named += tuple(f'"{name}":' for name in given)
    simple = [
        record
        for record in whole
        if _is_simple(record, (*hidden, *named)) and not (given and record.links)
    ]
    above = ancestries(endpoint, simple, Projection.of(endpoint.resource_type)) if simple else {}
    return {record.key: _spliced(endpoint, record, above) for record in simple}


def in_text(view: Mapping[str, object]) -> Spliced:
    """Return a resource that was put together otherwise as text."""
    return view if isinstance(view, Spliced) else Spliced(_encode(view))


def _is_simple(record: Record, hidden: Sequence[str]) -> bool:
    """Tell whether the body can be shown as it is, and has nothing that is related to it."""
    text = record.text
    return bool(text) and not record.counts and not any(name in text for name in hidden)


def _spliced(endpoint: Endpoint, record: Record, above: Mapping[BackLink, Ancestry]) -> Spliced:
    head = {"schemas": schemas_of(endpoint.resource_type, record.body), "id": record.key.id}
    linked = linked_view(endpoint, record, above)
    meta = {
        "resourceType": record.key.type,
        "created": record.created,
        "lastModified": record.last_modified,
        "location": endpoint.location_of(*record.key),
        "version": etag_shown(endpoint, record, linked),
    }
    tail = {**linked, "meta": meta}
    body = f",{record.text[1:-1]}" if len(record.text) > len("{}") else ""
    return Spliced(f"{_encode(head)[:-1]}{body},{_encode(tail)[1:]}")


def _hidden(resource_type: ResourceType) -> Iterator[str]:
    """Yield how the names begin, in a body, of what is not shown unasked."""
    for _, attribute in attributes_of(resource_type):
        for each in (attribute, *attribute.sub_attributes):
            if each.returned in (Returned.NEVER, Returned.REQUEST):
                yield f'"{each.name}":'
