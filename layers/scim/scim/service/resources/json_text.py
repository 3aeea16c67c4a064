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
from scim.schema.schema import Returned
from scim.service.endpoint import Endpoint
from scim.service.messages import etag_of
from scim.service.relations.back_links import Ancestry, ancestries, linked_view
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
    end: str
    """The text after the body: relations without values, and `meta` up to the time of creation."""


def _frame_of(endpoint: Endpoint) -> _Frame:
    has_empty = endpoint.profile.wire.has_empty_relations
    return _frame(endpoint.resource_type, has_empty_relations=has_empty)


@lru_cache(maxsize=REMEMBERED)
def _frame(resource_type: ResourceType, *, has_empty_relations: bool) -> _Frame:
    attributes = [attribute for _, attribute in attributes_of(resource_type)]
    named = {ref.attribute.name for ref in resource_type.mentions}
    relations = resource_type.relations if has_empty_relations else ()
    empty = "".join(f"{quoted(relation.attribute)}:[]," for relation in relations)
    urns = [quoted(extension.schema.id) for extension in resource_type.extensions]
    return _Frame(
        f'{{"schemas":[{quoted(resource_type.schema.id)}',
        tuple((f'{urn}:{{"', f",{urn}") for urn in urns),
        any(attribute.is_open for attribute in attributes),
        tuple(f'"{name}":' for name in sorted({*_hidden(resource_type), *named})),
        f'{empty}"meta":{{"resourceType":{quoted(resource_type.name)},"created":',
    )


def _hidden(resource_type: ResourceType) -> Iterator[str]:
    """Yield the names of attributes that are returned only on request, or never."""
    for _, attribute in attributes_of(resource_type):
        for each in (attribute, *attribute.sub_attributes):
            if each.returned in (Returned.NEVER, Returned.REQUEST):
                yield each.name


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
    hidden = frame.hidden
    if mapping is not None and mapping.given:
        # Values that groups give are merged with the resource's own.
        hidden += tuple(f'"{name}":' for name in mapping.given)
        records = [record for record in records if not record.links]
    simple = _simple(records, hidden)
    above: Mapping[BackLink, Ancestry] = {}
    if linked := [record for record in simple if record.links]:
        above = ancestries(endpoint, linked, whole_projection(endpoint.resource_type))
    around = _Splicer(endpoint, frame, above).around
    return {record.key: around(record) for record in simple}


def spliced_alone(endpoint: Endpoint, record: Record, projection: Projection) -> Spliced | None:
    """Return the resource if it is wanted whole and its stored body can be shown unchanged, else None."""
    if not record.text or record.counts or not projection.is_whole:
        return None
    type_ = endpoint.resource_type
    is_seen_whole = not isinstance(endpoint.directory, FilteredDirectory)
    if record.links or type_.references or endpoint.mapping is not None or not is_seen_whole:
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
    found = [name for name in hidden if name in texts]
    return [each for each in simple if not _holds(each.text, found)] if found else simple


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
        own = endpoint.resource_type
        self._endpoint, self._above = endpoint, above
        self._is_open, self._extensions, self._end = frame.is_open, frame.extensions, frame.end
        location = quoted(endpoint.location_of(own.name, ""))[:-1]
        self._start = frame.start
        self._location = f',"location":{location}'

    def around(self, record: Record) -> Spliced:
        """Return the resource built around the record's body."""
        text, version, more, others = record.text, record.version, "", ""
        if self._is_open:
            urns = schemas_of(self._endpoint.resource_type, record.body)[1:]
            more = "".join([f",{quoted(urn)}" for urn in urns])
        else:
            for beginning, urn in self._extensions:
                if beginning in text:
                    more += urn
        id_, etag, version_text = quoted(record.key.id), f'W/"{version}"', f'"W/\\"{version}\\""'
        if record.links and (shown := linked_view(self._endpoint, record, self._above)):
            etag = etag_of(version, {(None, name): each for name, each in shown.items()})
            others, version_text = f"{json_text(shown)[1:-1]},", quoted(etag)
        body = text[1:-1]
        if body:
            body += ","
        return Spliced(
            f'{self._start}{more}],"id":{id_},{body}{others}{self._end}"{record.created}","lastModified":"'
            f'{record.last_modified}"{self._location}{id_[1:]},"version":{version_text}}}}}',
            etag,
        )
