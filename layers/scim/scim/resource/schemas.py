"""The `schemas` of a resource, derived from what it holds."""

from collections.abc import Mapping

from scim.schema.resource_type import ResourceType


def schemas_of(resource_type: ResourceType, body: Mapping[str, object]) -> list[str]:
    """Return the base schema's URN and those of the extensions present."""
    extensions = (extension.schema.id for extension in resource_type.extensions)
    return [resource_type.schema.id, *(uri for uri in extensions if body.get(uri))]
