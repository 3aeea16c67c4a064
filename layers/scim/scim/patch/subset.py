"""The subset of PATCH to which a profile can limit its clients (draft-zollner-scim-interop-profile)."""

from collections.abc import Sequence

from scim.errors import InvalidPath, InvalidSyntax
from scim.patch.operation import Op, PatchOperation, located
from scim.patch.target import Target
from scim.profile import Profile


def require_subset(operations: Sequence[PatchOperation], profile: Profile) -> None:
    """Raise an error for operations in a form that the profile does not accept.

    Raises InvalidSyntax for a missing path or array, InvalidPath for a filter without a
    sub-attribute after it.
    """
    for operation in operations:
        with located(operation):
            if operation.path is None and profile.patch.needs_path:
                raise InvalidSyntax("path is missing; every operation needs one.")
            if isinstance(operation.path, Target):
                _require_target(operation.path, operation, profile)


def _require_target(target: Target, operation: PatchOperation, profile: Profile) -> None:
    rules = profile.patch
    # A filter is the only way to remove a single value.
    writes = operation.op is not Op.REMOVE
    if rules.selects_parts_only and writes and target.filter is not None and target.sub is None:
        raise InvalidPath(f"'{target}' names no sub-attribute of the values it selects.")
    is_collection = target.is_whole and target.attribute.multi_valued
    if rules.needs_arrays and is_collection and writes and not isinstance(operation.value, list):
        raise InvalidSyntax(f"value must be an array for '{target}'.")
