"""What the paths of a request point at, found out once for each of its operations."""

from collections.abc import Sequence

from scim.errors import InvalidPath, InvalidSyntax
from scim.filter.parsing.tree import PatchPath
from scim.patch.operation import PatchOperation, located
from scim.patch.target import AttributeSet, Target, aim_of
from scim.profile import Profile
from scim.schema.resource_type import ResourceType


def aimed(
    resource_type: ResourceType, operations: Sequence[PatchOperation], profile: Profile
) -> tuple[PatchOperation, ...]:
    """Return the operations with what their paths point at in the resource type.

    Raises InvalidPath, or what the profile has instead, for a path that leads nowhere.
    """
    return tuple(_aimed(resource_type, each, profile) for each in operations)


def _aimed(
    resource_type: ResourceType, operation: PatchOperation, profile: Profile
) -> PatchOperation:
    if not isinstance(operation.path, PatchPath):
        return operation
    with located(operation):
        return operation.at(_aim(resource_type, operation.path, profile), operation.value)


def _aim(resource_type: ResourceType, read: PatchPath, profile: Profile) -> Target | AttributeSet:
    try:
        return aim_of(resource_type, read, profile)
    except InvalidPath as error:
        if profile.patch.refuses_unknown == InvalidSyntax.scim_type:
            raise InvalidSyntax(error.detail) from error
        raise
