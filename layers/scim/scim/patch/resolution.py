"""What the paths of a request point at, found out once for each of its operations."""

from collections.abc import Sequence

from scim.errors import InvalidPath, InvalidSyntax
from scim.filter.parsing.tree import PatchPath
from scim.immutable import immutable
from scim.patch.operation import PatchOperation, located
from scim.patch.target import AttributeSet, LeadsNowhere, Target, aim_of
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import ResourceType

MOST_TOLD = 8


@immutable
class Aimed:
    """Operations whose paths are targets; `ignored` says why others are left out."""

    operations: tuple[PatchOperation, ...]
    ignored: tuple[str, ...] = ()

    @property
    def tolerated(self) -> frozenset[Tolerance]:
        return frozenset({Tolerance.UNKNOWN_PATHS}) if self.ignored else frozenset()


def aimed(
    resource_type: ResourceType, operations: Sequence[PatchOperation], profile: Profile
) -> Aimed:
    """Return the operations with what their paths point at in the resource type.

    Where the profile says so, what leads nowhere, or to a readOnly part of a value, is left out:
    one attribute that is mapped wrongly must not keep `active` from being set. Raises
    InvalidPath, or what the profile has instead, where it does not.
    """
    ignores = profile.tolerates(Tolerance.UNKNOWN_PATHS)
    known: list[PatchOperation] = []
    ignored: list[str] = []
    for operation in operations:
        if not isinstance(operation.path, PatchPath):
            known.append(operation)
            continue
        with located(operation):
            aim = _aim(resource_type, operation.path, profile)
            if isinstance(aim, InvalidPath) and not ignores:
                raise _refusal(aim, profile)
        if isinstance(aim, InvalidPath):
            ignored.append(aim.detail)
        elif ignores and isinstance(aim, Target) and _is_read_only_part(aim):
            ignored.append(f"'{aim.ref}' is readOnly.")
        else:
            known.append(operation.at(aim, operation.value))
    return Aimed(tuple(known), tuple(ignored[:MOST_TOLD]))


def _aim(
    resource_type: ResourceType, read: PatchPath, profile: Profile
) -> Target | AttributeSet | LeadsNowhere:
    try:
        return aim_of(resource_type, read, profile)
    except LeadsNowhere as error:
        return error
    except InvalidPath as error:
        raise _refusal(error, profile) from error


def _is_read_only_part(target: Target) -> bool:
    is_part = target.sub is not None and target.sub.is_read_only
    return is_part and not target.attribute.is_read_only


def _refusal(error: InvalidPath, profile: Profile) -> InvalidPath | InvalidSyntax:
    is_syntax = profile.patch.refuses_unknown == InvalidSyntax.scim_type
    return InvalidSyntax(error.detail) if is_syntax else InvalidPath(error.detail)
