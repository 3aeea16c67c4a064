"""Values that no response may contain. Of these, secrets are removed from the body before it is stored."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at, with_parts, with_value, without_parts
from scim.schema.resource_type import ResourceType
from scim.schema.schema import COMMON, Attribute, Returned


def without_secrets(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    """Return the body to store: without its secret attributes and parts."""
    return _without(_secrets(resource_type), body)


def secrets_in(resource_type: ResourceType, body: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the secrets in a body, of parts as `keys.pin`. A secret that is false asks for nothing."""
    names: list[str] = []
    for omission in _secrets(resource_type):
        value = value_at(body, omission.container, omission.name)
        if value is None or value is False:
            continue
        name = f"{omission.container}:{omission.name}" if omission.container else omission.name
        values = [element for element in _listed(value) if isinstance(element, Mapping)]
        parts = {part for part in omission.parts for element in values if element.get(part)}
        names += [name] if omission.is_whole else [f"{name}.{part}" for part in sorted(parts)]
    return tuple(names)


def without_hidden(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    """Return a stored body without the attributes and parts that are never returned."""
    return _without(_hidden(resource_type), body)


def shown_of_earlier(
    resource_type: ResourceType, attributes: Mapping[str, object]
) -> dict[str, object]:
    """Return attributes of an earlier body without what is never returned and what is no longer defined.

    Of an attribute or part that is no longer defined, it is not known whether it was returned.
    """
    return _defined(resource_type, without_hidden(resource_type, attributes))


def is_hidden(attribute: Attribute) -> bool:
    """Return whether no response contains the attribute."""
    return attribute.returned is Returned.NEVER or attribute.is_secret


_Parts = Mapping[str, frozenset[str] | None]
"""The names of attributes, each with those of its parts, None for any."""


def _defined(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    definitions = _definitions(resource_type)
    defined = _defined_of(definitions[None], body)
    for container, names in definitions.items():
        extension = None if container is None else body.get(container)
        if isinstance(extension, Mapping) and (parts := _defined_of(names, extension)):
            defined[str(container)] = parts
    return defined


def _defined_of(definitions: _Parts, body: Mapping[str, object]) -> dict[str, object]:
    return {
        name: defined
        for name, value in body.items()
        if name in definitions and (defined := with_parts(value, definitions[name])) is not None
    }


@lru_cache(maxsize=REMEMBERED)
def _definitions(resource_type: ResourceType) -> Mapping[str | None, _Parts]:
    """Return the attributes of each extension, and of the base below None."""
    definitions: dict[str | None, dict[str, frozenset[str] | None]] = {
        None: {attribute.name: None for attribute in COMMON}
    }
    for container, attribute in attributes_of(resource_type):
        is_relation = resource_type.relation(attribute.name) is not None
        # The service itself writes the values of relations.
        has_any_parts = attribute.is_open or not attribute.sub_attributes or is_relation
        parts = None if has_any_parts else frozenset(sub.name for sub in attribute.sub_attributes)
        definitions.setdefault(container, {})[attribute.name] = parts
    return definitions


class _Omission(NamedTuple):
    """An attribute to leave out, or the parts of it to leave out."""

    container: str | None
    name: str
    is_whole: bool
    parts: tuple[str, ...]


@lru_cache(maxsize=REMEMBERED)
def _secrets(resource_type: ResourceType) -> Sequence[_Omission]:
    return _omissions(resource_type, lambda attribute: attribute.is_secret)


@lru_cache(maxsize=REMEMBERED)
def _hidden(resource_type: ResourceType) -> Sequence[_Omission]:
    return _omissions(resource_type, is_hidden)


def _omissions(
    resource_type: ResourceType, is_left_out: Callable[[Attribute], bool]
) -> Sequence[_Omission]:
    omissions = [
        _Omission(
            container,
            attribute.name,
            is_left_out(attribute),
            tuple(sub.name for sub in attribute.sub_attributes if is_left_out(sub)),
        )
        for container, attribute in attributes_of(resource_type)
    ]
    return [omission for omission in omissions if omission.is_whole or omission.parts]


def _without(omissions: Sequence[_Omission], body: Mapping[str, object]) -> dict[str, object]:
    remaining = dict(body)
    for omission in omissions:
        value = value_at(remaining, omission.container, omission.name)
        if value is not None:
            rest = None if omission.is_whole else without_parts(value, omission.parts)
            remaining = with_value(remaining, omission.container, omission.name, rest)
    return remaining


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
