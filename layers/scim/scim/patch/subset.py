"""The subset of PATCH that a profile may limit its clients to (draft-zollner-scim-interop-profile)."""

from collections.abc import Sequence

from scim.errors import InvalidPath, InvalidSyntax
from scim.patch.operation import Op, PatchOperation, located
from scim.patch.target import Target
from scim.profile import Profile


def require_subset(operations: Sequence[PatchOperation], profile: Profile) -> None:
    """Refuse operations in a form that the profile does not take.

    Raises InvalidSyntax for a missing path or array, InvalidPath for a filter that no
    sub-attribute follows.
    """
    for operation in operations:
        with located(operation):
            if operation.path is None and profile.patch.needs_path:
                raise InvalidSyntax("path is missing; every operation needs one.")
            if isinstance(operation.path, Target):
                _require_target(operation.path, operation, profile)


def _require_target(target: Target, operation: PatchOperation, profile: Profile) -> None:
    rules = profile.patch
    # To remove a value there is no other way than to select it.
    writes = operation.op is not Op.REMOVE
    if rules.selects_parts_only and writes and target.filter is not None and target.sub is None:
        raise InvalidPath(f"'{target}' names no sub-attribute of the values it selects.")
    is_collection = target.is_whole and target.attribute.multi_valued
    if rules.needs_arrays and is_collection and writes and not isinstance(operation.value, list):
        raise InvalidSyntax(f"value must be an array for '{target}'.")
