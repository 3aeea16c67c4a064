"""Values of multi-valued attributes that are known by a part of theirs: named where they are not."""

from collections.abc import Callable, Mapping

from scim.resource.place import attributes_of, value_at, with_value
from scim.schema.resource_type import ResourceType

Naming = Callable[[], str]
"""Returns a name nobody has."""


def identified(
    resource_type: ResourceType, body: Mapping[str, object], naming: Naming
) -> dict[str, object]:
    """Return the body with a name for each value that has none, where the schema wants names."""
    whole = dict(body)
    for container, attribute in attributes_of(resource_type):
        part = attribute.known_by
        values = None if part is None else value_at(whole, container, attribute.name)
        if part is None or not isinstance(values, list):
            continue
        named = [_named(each, part, naming) for each in values]
        if named != values:
            whole = with_value(whole, container, attribute.name, named)
    return whole


def _named(value: object, part: str, naming: Naming) -> object:
    if not isinstance(value, Mapping) or value.get(part):
        return value
    return {**value, part: naming()}
