"""Resources as JSON text, built around the stored body without parsing it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from scim.compact import json_text
from scim.immutable import REMEMBERED
from scim.resource.body import Spliced, attributes_of, schemas_of
from scim.resource.projection import Projection, whole_projection
from scim.resource.record import Key, Record
from scim.schema.catalogue import BackLink
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, Returned
from scim.service.endpoint import Endpoint
from scim.service.messages import etag_of
from scim.service.relations.back_links import Ancestry, ancestries_of, linked_view
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.references import without_unseen


class _Frame(NamedTuple):
    """What surrounds every body of a type, and what a body must not contain to be shown unchanged."""

    start: str
    """The text up to the first of `schemas`."""
    extensions: tuple[tuple[str, str], ...]
    """For each extension, how it begins in a body that uses it, and what it adds to `schemas`."""
    is_open: bool
    """Whether a body may hold names that no schema declares."""
    hidden: tuple[str, ...]
    has_hidden_link_parts: bool
    """Whether parts of back links are returned only on request, or never."""
    end: str
    """The text after the body: relations without values, and `meta` up to the time of creation."""


def _frame_of(endpoint: Endpoint) -> _Frame:
    has_empty = endpoint.profile.wire.has_empty_relations
    return _frame(endpoint.resource_type, has_empty_relations=has_empty)


@lru_cache(maxsize=REMEMBERED)
def _frame(resource_type: ResourceType, *, has_empty_relations: bool) -> _Frame:
    attributes = [attribute for _, attribute in attributes_of(resource_type)]
    mentioned_names = {ref.attribute.name for ref in resource_type.mentions}
    relations = resource_type.relations if has_empty_relations else ()
    shown_names = {attribute.name for attribute in attributes if not _is_withheld(attribute)}
    empty_relations = "".join(
        f"{quoted(relation.attribute)}:[],"
        for relation in relations
        if relation.attribute in shown_names
    )
    link_parts = (
        part
        for attribute in attributes
        if attribute.is_read_only
        for part in attribute.sub_attributes
    )
    urns = [quoted(extension.schema.id) for extension in resource_type.extensions]
    return _Frame(
        f'{{"schemas":[{quoted(resource_type.schema.id)}',
        tuple((f'{urn}:{{"', f",{urn}") for urn in urns),
        any(attribute.is_open for attribute in attributes),
        tuple(f'"{name}":' for name in sorted({*_hidden(resource_type), *mentioned_names})),
        any(map(_is_withheld, link_parts)),
        f'{empty_relations}"meta":{{"resourceType":{quoted(resource_type.name)},"created":',
    )


def _hidden(resource_type: ResourceType) -> Iterator[str]:
    """Yield the names of attributes that are returned only on request, or never."""
    for _, attribute in attributes_of(resource_type):
        for part in (attribute, *attribute.sub_attributes):
            if _is_withheld(part):
                yield part.name


def _is_withheld(attribute: Attribute) -> bool:
    return attribute.returned in (Returned.NEVER, Returned.REQUEST)


def spliced(endpoint: Endpoint, records: Sequence[Record]) -> dict[Key, Spliced]:
    """Return, as a client sees them, those resources whose stored bodies can be shown unchanged.

    Back links are added beside the body; they are read for all the records together.
    """
    if endpoint.resource_type.references:
        # The names of referenced resources are shown within the body.
        return {}
    if isinstance(endpoint.directory, FilteredDirectory):
        records = without_unseen(endpoint, records)
    frame, mapping = _frame_of(endpoint), endpoint.mapping
    # Values that groups give are merged with the resource's own.
    given = () if mapping is None else mapping.given
    hidden = frame.hidden + tuple(f'"{name}":' for name in given)
    if given or frame.has_hidden_link_parts:
        records = [record for record in records if not record.links]
    simple_records = _simple(records, hidden)
    above: Mapping[BackLink, Ancestry] = {}
    if linked_records := [record for record in simple_records if record.links]:
        above = ancestries_of(endpoint, linked_records, whole_projection(endpoint.resource_type))
    splice = _Splicer(endpoint, frame, above).around
    return {record.key: splice(record) for record in simple_records}


def spliced_alone(endpoint: Endpoint, record: Record, projection: Projection) -> Spliced | None:
    """Return the resource if it is wanted whole and its stored body can be shown unchanged, else None."""
    if not record.text or record.counts or not projection.is_whole:
        return None
    resource_type = endpoint.resource_type
    is_seen_whole = not isinstance(endpoint.directory, FilteredDirectory)
    has_others = record.links or resource_type.references
    if has_others or endpoint.mapping is not None or not is_seen_whole:
        return spliced(endpoint, [record]).get(record.key)
    # Nothing has to be read for it or removed from it.
    frame = _frame_of(endpoint)
    if _holds(record.text, frame.hidden):
        return None
    return _Splicer(endpoint, frame, {}).around(record)


def as_spliced(view: Mapping[str, object]) -> Spliced:
    """Return a resource as text, also one that was built in another way."""
    return view if isinstance(view, Spliced) else Spliced(json_text(view))


def _simple(records: Sequence[Record], hidden: Sequence[str]) -> list[Record]:
    """Return the records that have no relation values and whose bodies can be shown unchanged."""
    simple = [record for record in records if record.text and not record.counts]
    # Most bodies hide nothing, and searching all of them at once takes a fraction of the time.
    texts = "\n".join([record.text for record in simple])
    hidden_in_some = [name for name in hidden if name in texts]
    if not hidden_in_some:
        return simple
    return [record for record in simple if not _holds(record.text, hidden_in_some)]


def _holds(text: str, names: Sequence[str]) -> bool:
    """Tell whether a body contains one of the names."""
    for name in names:  # noqa: SIM110 - a generator takes twice as long, and this runs for every resource
        if name in text:
            return True
    return False


class _Splicer:
    """Builds the resources of one response around their bodies."""

    def __init__(
        self, endpoint: Endpoint, frame: _Frame, above: Mapping[BackLink, Ancestry]
    ) -> None:
        resource_type = endpoint.resource_type
        self._endpoint, self._above = endpoint, above
        self._is_open, self._extensions, self._end = frame.is_open, frame.extensions, frame.end
        location = quoted(endpoint.location_of(resource_type.name, ""))[:-1]
        self._start = frame.start
        self._location = f',"location":{location}'

    def around(self, record: Record) -> Spliced:
        """Return the resource built around the record's body."""
        text, version, further_urns, back_links = record.text, record.version, "", ""
        if self._is_open:
            urns = schemas_of(self._endpoint.resource_type, record.body)[1:]
            further_urns = "".join([f",{quoted(urn)}" for urn in urns])
        else:
            for beginning, urn in self._extensions:
                if beginning in text:
                    further_urns += urn
        id_, etag, version_text = quoted(record.key.id), f'W/"{version}"', f'"W/\\"{version}\\""'
        if record.links and (links_view := linked_view(self._endpoint, record, self._above)):
            etag = etag_of(version, {(None, name): value for name, value in links_view.items()})
            back_links, version_text = f"{json_text(links_view)[1:-1]},", quoted(etag)
        body = text[1:-1]
        if body:
            body += ","
        return Spliced(
            f'{self._start}{further_urns}],"id":{id_},{body}{back_links}{self._end}"{record.created}","lastModified":"'
            f'{record.last_modified}"{self._location}{id_[1:]},"version":{version_text}}}}}',
            etag,
        )
