"""Names of domains in a body: each is kept in the one way it is written."""

from collections.abc import Callable, Mapping

from scim.profile.parts import Domains
from scim.resource.body import value_at, with_value
from scim.schema.resource_type import Place, ResourceType


def with_plain_names(
    resource_type: ResourceType, body: dict[str, object], domains: Domains
) -> dict[str, object]:
    """Return a canonical body in which `PRIMARY/kim` is `kim`."""
    for name in domains.names.get(resource_type.name, ()):
        place = resource_type.named(name)
        if place is None:
            continue
        given = value_at(body, place.container, place.attribute.name)
        told = _told(place, given, domains.plain)
        if told != given:
            body = with_value(body, place.container, place.attribute.name, told)
    return body


def _told(place: Place, value: object, plain: Callable[[str], str]) -> object:
    match value:
        case list():
            return [_told(place, each, plain) for each in value]
        case str() if place.sub is None:
            return plain(value)
        case Mapping() if place.sub is not None and isinstance(value.get(place.sub.name), str):
            return {**value, place.sub.name: plain(value[place.sub.name])}
        case _:
            return value
