"""The subset of PATCH that a profile may limit its clients to (draft-zollner-scim-interop-profile)."""

from collections.abc import Sequence

from scim.errors import InvalidPath, InvalidSyntax
from scim.patch.operation import Op, PatchOperation, located
from scim.patch.target import Target, extension_of, target_of
from scim.profile import Profile
from scim.schema.resource_type import ResourceType


def require_subset(
    resource_type: ResourceType, operations: Sequence[PatchOperation], profile: Profile
) -> None:
    """Refuse operations in a form that the profile does not take.

    Raises InvalidSyntax for a missing path or array, InvalidPath for a filter that no
    sub-attribute follows, and one of the two for a path that leads nowhere.
    """
    rules = profile.patch
    for operation in operations:
        with located(operation):
            if operation.path is None:
                if rules.needs_path:
                    raise InvalidSyntax("path is missing; every operation needs one.")
                continue
            if extension_of(resource_type, operation.path) is not None:
                continue
            _require_target(_target(resource_type, operation.path, profile), operation, profile)


def _target(resource_type: ResourceType, path: str, profile: Profile) -> Target:
    try:
        return target_of(resource_type, path, profile)
    except InvalidPath as error:
        if profile.patch.refuses_unknown == InvalidSyntax.scim_type:
            raise InvalidSyntax(error.detail) from error
        raise


def _require_target(target: Target, operation: PatchOperation, profile: Profile) -> None:
    rules = profile.patch
    # To remove a value there is no other way than to select it.
    writes = operation.op is not Op.REMOVE
    if rules.selects_parts_only and writes and target.filter is not None and target.sub is None:
        raise InvalidPath(f"'{target}' names no sub-attribute of the values it selects.")
    is_collection = target.is_whole and target.attribute.multi_valued
    if rules.needs_arrays and is_collection and writes and not isinstance(operation.value, list):
        raise InvalidSyntax(f"value must be an array for '{target}'.")
