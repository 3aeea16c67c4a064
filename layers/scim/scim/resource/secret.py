"""Values that no response may contain, removed from the body before it is stored."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at, with_value
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute


def without_secrets(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    """Return the body without its secret attributes and parts."""
    kept = dict(body)
    for container, attribute in _with_secrets(resource_type):
        value = value_at(kept, container, attribute.name)
        if value is None:
            continue
        hidden = [sub.name for sub in attribute.sub_attributes if sub.is_secret]
        left = None if attribute.is_secret else without_parts(value, hidden)
        kept = with_value(kept, container, attribute.name, left)
    return kept


@lru_cache(maxsize=REMEMBERED)
def _with_secrets(resource_type: ResourceType) -> Sequence[tuple[str | None, Attribute]]:
    return [
        (container, each)
        for container, each in attributes_of(resource_type)
        if each.is_secret or any(sub.is_secret for sub in each.sub_attributes)
    ]


def without_parts(value: object, names: Sequence[str]) -> object:
    """Return the value or values of an attribute without these parts, None if nothing is left."""
    if isinstance(value, list):
        return [left for each in value if (left := without_parts(each, names)) is not None] or None
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if name not in names} or None
