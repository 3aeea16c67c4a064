"""Names with domains in a body, converted to their plain form."""

from collections.abc import Callable, Mapping

from scim.profile.parts import Domains
from scim.resource.body import value_at, with_value
from scim.schema.resource_type import AttributeRef, ResourceType


def with_plain_names(
    resource_type: ResourceType, body: dict[str, object], domains: Domains
) -> dict[str, object]:
    """Return a canonical body in which `PRIMARY/kim` became `kim`."""
    for name in domains.names.get(resource_type.name, ()):
        ref = resource_type.named(name)
        if ref is None:
            continue
        value = value_at(body, ref.container, ref.attribute.name)
        renamed = _with_plain_name(ref, value, domains.plain)
        if renamed != value:
            body = with_value(body, ref.container, ref.attribute.name, renamed)
    return body


def _with_plain_name(ref: AttributeRef, value: object, plain_name: Callable[[str], str]) -> object:
    match value:
        case list():
            return [_with_plain_name(ref, element, plain_name) for element in value]
        case str() if ref.sub is None:
            return plain_name(value)
        case Mapping() if ref.sub is not None and isinstance(value.get(ref.sub.name), str):
            return {**value, ref.sub.name: plain_name(value[ref.sub.name])}
        case _:
            return value
