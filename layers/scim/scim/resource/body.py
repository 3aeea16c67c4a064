"""Access to the attributes in a body, and the `schemas` that follow from its content."""

from collections.abc import Collection, Container, ItemsView, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scim.compact import json_text, value_of
from scim.immutable import REMEMBERED
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, Returned

AttributeKey = tuple[str | None, str]
"""The URN that an attribute is nested under, None for the base schema and common attributes, and its name."""


class ParsedLater(Mapping[str, object]):
    """A JSON object as text, which is parsed on first access; many are never accessed.

    `parsed` is the parsed text, if it is already known.
    """

    __slots__ = ("_parsed", "text")

    def __init__(self, text: str, parsed: dict[str, object] | None = None) -> None:
        self.text = text
        self._parsed = parsed

    def __getitem__(self, name: str) -> object:
        return self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    # Mapping's own methods would look up one name after the other.

    def get(self, name: str, default: Any = None) -> Any:
        return self._whole().get(name, default)

    def keys(self) -> KeysView[str]:
        return self._whole().keys()

    def items(self) -> ItemsView[str, object]:
        """Return the names with their values."""
        return self._whole().items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ParsedLater):
            return self is other or self._whole() == other._whole()
        return self._whole() == other if other.__class__ is dict else super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]  # a Mapping has none

    def __repr__(self) -> str:
        return self.text

    def _whole(self) -> dict[str, object]:
        if self._parsed is None:
            self._parsed = value_of(self.text)
        return self._parsed


class Spliced(ParsedLater):
    """A whole resource as text, with its entity tag; parsed only on access."""

    __slots__ = ("etag",)

    def __init__(self, text: str, etag: str = "") -> None:
        self.text = text
        self._parsed = None
        self.etag = etag


@dataclass(frozen=True, slots=True)
class AllBut:
    """Contains every name except these."""

    names: Collection[str]

    def __contains__(self, name: object) -> bool:
        return name not in self.names


def with_text(body: Mapping[str, object]) -> ParsedLater:
    """Return a body with its JSON text, which is stored and used in responses."""
    return body if isinstance(body, ParsedLater) else ParsedLater(json_text(body), dict(body))


def value_at(body: Mapping[str, object], container: str | None, name: str) -> object:
    """Return the value of an attribute in a canonical body, None if it is unassigned."""
    if container is None:
        return body.get(name)
    extension = body.get(container)
    return extension.get(name) if isinstance(extension, Mapping) else None


def values_at(body: Mapping[str, object], ref: AttributeRef) -> tuple[object, ...]:
    """Return every value of an attribute, or of its sub-attribute if `ref` names one."""
    attribute_value = value_at(body, ref.container, ref.attribute.name)
    elements = _listed(attribute_value)
    if ref.sub is None:
        return elements
    name = ref.sub.name
    return tuple(
        value
        for element in elements
        if isinstance(element, Mapping)
        for value in _listed(element.get(name))
    )


@lru_cache(maxsize=REMEMBERED)
def attributes_of(resource_type: ResourceType) -> Sequence[tuple[str | None, Attribute]]:
    """Return each attribute that a body can have, with the URN that it is nested under, None for the base.

    The common attributes that a client can set are included; id, meta and schemas are not.
    """
    base_attributes = [(None, attribute) for attribute in resource_type.stored_attributes]
    return [
        *base_attributes,
        *(
            (extension.schema.id, attribute)
            for extension in resource_type.extensions
            for attribute in extension.schema.attributes
        ),
    ]


@lru_cache(maxsize=REMEMBERED)
def returned_on_request(resource_type: ResourceType) -> Sequence[AttributeRef]:
    """Return the attributes, and parts of attributes, that clients can set and that are returned on request.

    Relations are left out, because their values are not in a body.
    """
    return [
        ref
        for container, attribute in attributes_of(resource_type)
        if container is not None or resource_type.relation(attribute.name) is None
        for ref in (
            AttributeRef(container, attribute),
            *(AttributeRef(container, attribute, sub) for sub in attribute.sub_attributes),
        )
        if ref.leaf.returned is Returned.REQUEST and not attribute.is_read_only
    ]


def with_value(
    body: Mapping[str, object], container: str | None, name: str, value: object
) -> dict[str, object]:
    """Return the body with the value; None unassigns the attribute, and removes an extension left empty."""
    if container is None:
        return _with(body, name, value)
    extension = body.get(container)
    parts = _with(extension if isinstance(extension, Mapping) else {}, name, value)
    return _with(body, container, parts or None)


def with_parts(value: object, names: Container[str] | None) -> object:
    """Return the value or values of an attribute with only these parts, None for all; None if no part is left.

    A simple value has no parts and stays, as does what is empty already.
    """
    if names is None or not value:
        return value
    if isinstance(value, list | tuple):
        rests = (with_parts(element, names) for element in value)
        return [rest for rest in rests if rest is not None] or None
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if name in names} or None


def without_parts(value: object, names: Collection[str]) -> object:
    """Return the value or values of an attribute without these parts, None if no part is left."""
    return with_parts(value, AllBut(names))


def _with(parts: Mapping[str, object], name: str, value: object) -> dict[str, object]:
    if value is None:
        return {key: part for key, part in parts.items() if key != name}
    return {**parts, name: value}


def _listed(value: object) -> tuple[object, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def schemas_of(resource_type: ResourceType, body: Mapping[str, object]) -> list[str]:
    """Return the URNs of the base schema and of the extensions in the body."""
    extensions = (extension.schema.id for extension in resource_type.extensions)
    return [resource_type.schema.id, *(uri for uri in extensions if body.get(uri))]
