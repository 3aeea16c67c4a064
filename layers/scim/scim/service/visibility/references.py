"""Values that name resources a token does not see, such as a manager: omitted, as members are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scim.resource.body import attributes_of, value_at, with_value
from scim.resource.record import Key, Record
from scim.schema.resource_type import AttributeRef
from scim.service.endpoint import Endpoint
from scim.service.visibility.directory import FilteredDirectory


def without_unseen(endpoint: Endpoint, records: Sequence[Record]) -> list[Record]:
    """Return the records without values that name resources the caller does not see.

    Reads the named resources, all at once; reads nothing when the caller sees everything.
    """
    named = {record.key: list(_named(endpoint, record.body)) for record in records}
    keys = {key for each in named.values() for _, _, keys in each for key in keys}
    seen = frozenset(endpoint.directory.read_many(endpoint.tenant, sorted(keys)) if keys else ())
    return [_without(record, named[record.key], seen) for record in records]


def with_unseen(
    endpoint: Endpoint, record: Record, body: Mapping[str, object]
) -> dict[str, object]:
    """Return a record's new body with the values of the old one that its client could not see."""
    (shown,) = without_unseen(endpoint, [record])
    whole = dict(body)
    for ref in naming_refs(endpoint) if shown is not record else ():
        before = _elements(value_at(record.body, ref.container, ref.attribute.name))
        left = _elements(value_at(shown.body, ref.container, ref.attribute.name))
        unseen = [each for each in before if each not in left]
        sent = _elements(value_at(body, ref.container, ref.attribute.name))
        if unseen and ref.attribute.multi_valued:
            whole = with_value(whole, ref.container, ref.attribute.name, [*sent, *unseen])
        elif unseen and not sent:
            whole = with_value(whole, ref.container, ref.attribute.name, unseen[0])
    return whole


_Named = tuple[AttributeRef, object, tuple[Key, ...]]
"""An attribute, one value of it, and the resources it may name."""


def _without(record: Record, named: Sequence[_Named], seen: frozenset[Key]) -> Record:
    body: dict[str, object] | None = None
    for ref, value, keys in named:
        if seen.isdisjoint(keys):
            body = dict(record.body) if body is None else body
            held = value_at(body, ref.container, ref.attribute.name)
            left = [each for each in _elements(held) if each is not value]
            after = left if ref.attribute.multi_valued and left else None
            body = with_value(body, ref.container, ref.attribute.name, after)
    return record if body is None else replace(record, body=body, text="")


def _elements(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _named(endpoint: Endpoint, body: Mapping[str, object]) -> Iterator[_Named]:
    for ref in naming_refs(endpoint):
        types = _narrow_types(endpoint, ref)
        for value in _elements(value_at(body, ref.container, ref.attribute.name)):
            id_ = value.get("value") if isinstance(value, Mapping) else None
            if isinstance(id_, str):
                yield ref, value, tuple(Key(type_name, id_) for type_name in types)


def naming_refs(endpoint: Endpoint) -> Iterator[AttributeRef]:
    """Yield the attributes whose values name resources of which the caller sees only some."""
    if not isinstance(endpoint.directory, FilteredDirectory):
        return
    for container, attribute in attributes_of(endpoint.resource_type):
        ref = AttributeRef(container, attribute)
        if attribute.sub("value") is not None and _narrow_types(endpoint, ref):
            yield ref


def _narrow_types(endpoint: Endpoint, ref: AttributeRef) -> list[str]:
    """Return the types a value may name; empty if the caller sees every resource of all of them."""
    pointer, directory = ref.attribute.sub("$ref"), endpoint.directory
    if pointer is None or not isinstance(directory, FilteredDirectory):
        return []
    types = [each for each in pointer.reference_types if endpoint.catalogue.resource_type(each)]
    return [] if all(map(directory.filters.is_whole, types)) else types
