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
    if not isinstance(endpoint.directory, FilteredDirectory):
        return [*records]
    naming_values = {record.key: list(_named(endpoint, record.body)) for record in records}
    keys = {key for values in naming_values.values() for _, _, keys in values for key in keys}
    visible_keys = frozenset(
        endpoint.directory.read_many(endpoint.tenant, sorted(keys)) if keys else ()
    )
    return [_without(record, naming_values[record.key], visible_keys) for record in records]


def with_unseen(
    endpoint: Endpoint, record: Record, visible_record: Record, body: Mapping[str, object]
) -> dict[str, object]:
    """Return a record's new body with the values of the old one that its client could not see.

    `visible_record` is what `without_unseen` left of the record for the client.
    """
    new_body = dict(body)
    for ref in naming_refs(endpoint) if visible_record is not record else ():
        stored_values = _elements(value_at(record.body, ref.container, ref.attribute.name))
        visible_values = _elements(value_at(visible_record.body, ref.container, ref.attribute.name))
        hidden_values = [value for value in stored_values if value not in visible_values]
        new_values = _elements(value_at(body, ref.container, ref.attribute.name))
        if hidden_values and ref.attribute.multi_valued:
            new_body = with_value(
                new_body, ref.container, ref.attribute.name, [*new_values, *hidden_values]
            )
        elif hidden_values and not new_values:
            new_body = with_value(new_body, ref.container, ref.attribute.name, hidden_values[0])
    return new_body


_Named = tuple[AttributeRef, object, tuple[Key, ...]]
"""An attribute, one value of it, and the resources it may name."""


def _without(
    record: Record, naming_values: Sequence[_Named], visible_keys: frozenset[Key]
) -> Record:
    body: dict[str, object] | None = None
    for ref, value, keys in naming_values:
        if visible_keys.isdisjoint(keys):
            body = dict(record.body) if body is None else body
            stored = value_at(body, ref.container, ref.attribute.name)
            remaining = [element for element in _elements(stored) if element is not value]
            new_value = remaining if ref.attribute.multi_valued and remaining else None
            body = with_value(body, ref.container, ref.attribute.name, new_value)
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
    types = [
        type_name
        for type_name in pointer.reference_types
        if endpoint.catalogue.resource_type(type_name)
    ]
    return [] if all(map(directory.filters.sees_all, types)) else types
