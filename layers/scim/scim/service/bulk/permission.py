"""The caller's permission for an operation: the same as for a request of its own."""

from collections.abc import Callable

from scim.permission import Permissions
from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import Method


def allowing(scopes: frozenset[str]) -> Callable[[Method, ResourceType], bool]:
    """Return the function that tells whether these scopes allow an operation on a resource type."""
    permissions = Permissions.shipped()

    def allows(method: Method, resource_type: ResourceType) -> bool:
        id_segment = "" if method is Method.POST else "/<id_>"
        return permissions.allows(scopes, method, f"{resource_type.endpoint}{id_segment}")

    return allows
