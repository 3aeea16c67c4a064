"""Values that no answer may show, parted from the body before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from scim.resource.place import attributes_of, value_at, with_value
from scim.schema.attribute import Mutability
from scim.schema.resource_type import ResourceType


@dataclass(frozen=True, slots=True)
class Parted:
    """A body fit to be stored, and the writeOnly values it came with, by path."""

    body: dict[str, object]
    secrets: Mapping[str, object]


def parted(resource_type: ResourceType, body: Mapping[str, object]) -> Parted:
    """Return the body without its writeOnly attributes, and these."""
    shown, secrets = dict(body), dict[str, object]()
    for container, attribute in attributes_of(resource_type):
        if attribute.mutability is not Mutability.WRITE_ONLY:
            continue
        value = value_at(shown, container, attribute.name)
        if value is not None:
            path = attribute.name if container is None else f"{container}:{attribute.name}"
            secrets[path] = value
            shown = with_value(shown, container, attribute.name, None)
    return Parted(shown, secrets)
