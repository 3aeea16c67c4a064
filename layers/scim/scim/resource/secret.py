"""Values that no response may contain, separated from the body before it is stored."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from scim.immutable import REMEMBERED, immutable
from scim.resource.body import attributes_of, value_at, with_value
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute


@immutable
class Parted:
    """A body without secrets, and its secrets by path."""

    body: dict[str, object]
    secrets: Mapping[str, object]


def parted(resource_type: ResourceType, body: Mapping[str, object]) -> Parted:
    """Return the body separated from its secret attributes and parts."""
    shown, secrets = dict(body), dict[str, object]()
    for container, attribute in _with_secrets(resource_type):
        value = value_at(shown, container, attribute.name)
        if value is None:
            continue
        path = attribute.name if container is None else f"{container}:{attribute.name}"
        if attribute.is_secret:
            secrets[path] = value
            shown = with_value(shown, container, attribute.name, None)
            continue
        hidden = [sub.name for sub in attribute.sub_attributes if sub.is_secret]
        if hidden:
            secrets |= {f"{path}.{name}": held for name in hidden if (held := _held(value, name))}
            shown = with_value(shown, container, attribute.name, without_parts(value, hidden))
    return Parted(shown, secrets)


@lru_cache(maxsize=REMEMBERED)
def _with_secrets(resource_type: ResourceType) -> Sequence[tuple[str | None, Attribute]]:
    return [
        (container, each)
        for container, each in attributes_of(resource_type)
        if each.is_secret or any(sub.is_secret for sub in each.sub_attributes)
    ]


def _held(value: object, name: str) -> list[object]:
    """Return the parts of that name in the values of an attribute."""
    parts = value if isinstance(value, list) else [value]
    return [part[name] for part in parts if isinstance(part, Mapping) and name in part]


def without_parts(value: object, names: Sequence[str]) -> object:
    """Return the value or values of an attribute without these parts, None if nothing is left."""
    if isinstance(value, list):
        return [left for each in value if (left := without_parts(each, names)) is not None] or None
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if name not in names} or None
