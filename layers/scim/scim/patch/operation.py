"""One operation of a PATCH request, whose path is resolved to its target once."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from scim.errors import BadRequest, InvalidPath, InvalidSyntax, InvalidValue
from scim.filter.binding.value_filter import unknown_part
from scim.filter.parsing.parse import SHORT_TEXT
from scim.filter.parsing.tree import PatchPath
from scim.immutable import Same, immutable
from scim.patch.key import ValueKey
from scim.patch.target import AttributeSet, Target, UnknownPath, resolved_path
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import ResourceType


class Op(StrEnum):
    """The kind of an operation."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


Path = PatchPath | Target | AttributeSet | ValueKey
"""The path of an operation: as the client wrote it, or what it was resolved to."""


@immutable
class PatchOperation:
    """One operation; without a path it targets the resource itself.

    `position` is its index in the client's request; operations that replace it keep the index.
    """

    op: Op
    path: Path | None
    value: object
    position: int = 0

    def at(self, path: Path | None, value: object) -> "PatchOperation":
        """Return the same operation on another path with another value."""
        return PatchOperation(self.op, path, value, self.position)

    @property
    def target(self) -> Target | None:
        """The target of the operation; None without a path, for a set of attributes, or before it is resolved."""
        return self.path if isinstance(self.path, Target) else None

    def removal(self, path: Path) -> "PatchOperation":
        """Return an operation at the same position that removes what the path selects."""
        return PatchOperation(Op.REMOVE, path, None, self.position)


class located:  # noqa: N801 - a context manager reads as the word it is
    """Adds the operation's index to the detail of an error raised inside."""

    __slots__ = ("_position",)

    def __init__(self, operation: PatchOperation) -> None:
        self._position = operation.position

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, BadRequest) and not error.detail.startswith("Operations["):
            raise type(error)(f"Operations[{self._position}]: {error.detail}") from error


MOST_REASONS: Final = 8
"""The most reasons that a client is given for ignored operations."""


@immutable
class ResolvedOperations:
    """Operations with resolved paths; `ignored` gives the reasons why others were ignored."""

    operations: tuple[PatchOperation, ...]
    ignored: tuple[str, ...] = ()

    @property
    def tolerated(self) -> frozenset[Tolerance]:
        return frozenset({Tolerance.UNKNOWN_PATHS}) if self.ignored else frozenset()


def resolved_operations(
    resource_type: ResourceType, operations: Sequence[PatchOperation], profile: Profile
) -> ResolvedOperations:
    """Return the operations with their paths resolved in the resource type.

    If the profile tolerates unknown paths, an operation on an unknown path, on a readOnly part of a value
    or on values that an unknown part selects is ignored: one wrongly mapped attribute must not prevent
    setting `active`. Otherwise an unknown path raises InvalidPath, or the error that the profile has instead.
    """
    ignores = profile.tolerates(Tolerance.UNKNOWN_PATHS)
    resolved: list[PatchOperation] = []
    ignored: list[str] = []
    for operation in operations:
        if not isinstance(operation.path, PatchPath):
            resolved.append(_with_relation(resource_type, operation, profile))
            continue
        with located(operation):
            target = _resolved(resource_type, operation.path, profile)
            if isinstance(target, UnknownPath) and not ignores:
                raise _refusal(target, profile)
        if isinstance(target, UnknownPath):
            ignored.append(target.detail)
        elif ignores and (reason := _reason_to_ignore(target)):
            ignored.append(reason)
        else:
            resolved.append(operation.at(target, operation.value))
    return ResolvedOperations(tuple(resolved), tuple(ignored[:MOST_REASONS]))


def no_object(position: int) -> InvalidValue:
    """Return the refusal of a value without a path that is not an object."""
    detail = "value must be an object of attributes where there is no path."
    return InvalidValue(f"Operations[{position}].{detail}")


def _with_relation(
    resource_type: ResourceType, operation: PatchOperation, profile: Profile
) -> PatchOperation:
    """Return the operation; a list without a path becomes the values of the type's only relation.

    tests/reports/manuals.jsonl "add members: a list of several without a path".
    """
    if operation.path is not None or not isinstance(operation.value, list):
        return operation
    relations = resource_type.relations if profile.tolerates(Tolerance.BARE_REFERENCE) else ()
    ref = resource_type.ref_of(None, relations[0].attribute) if len(relations) == 1 else None
    if ref is None:
        raise no_object(operation.position)
    path = Target(ref, None, frozenset({Tolerance.BARE_REFERENCE}))
    return operation.at(path, operation.value)


def _resolved(
    resource_type: ResourceType, path: PatchPath, profile: Profile
) -> Target | AttributeSet | UnknownPath:
    try:
        if path.filter is None and len(path.text) <= SHORT_TEXT:
            return _resolved_short(resource_type, Same(path), Same(profile))
        return resolved_path(resource_type, path, profile)
    except UnknownPath as error:
        return error
    except InvalidPath as error:
        raise _refusal(error, profile) from error


@lru_cache(maxsize=1024)
def _resolved_short(
    resource_type: ResourceType, path: Same[PatchPath], profile: Same[Profile]
) -> Target | AttributeSet:
    """Return the target of a path without a filter; cached, because requests repeat the same paths."""
    return resolved_path(resource_type, path.value, profile.value)


def _reason_to_ignore(target: Target | AttributeSet) -> str:
    """Return why an operation with this target changes nothing, empty if it may."""
    match target:
        case Target(ref) if ref.attribute.is_read_only:
            return ""
        case Target(ref) if ref.sub is not None and ref.sub.is_read_only:
            return f"'{ref}' is readOnly."
        case Target(ref, filter_) if filter_ is not None:
            # A guess could select every value: `foo ne "x"`.
            return unknown_part(ref.attribute, filter_)
    return ""


def _refusal(error: InvalidPath, profile: Profile) -> InvalidPath | InvalidSyntax:
    is_syntax = profile.patch.refuses_unknown == InvalidSyntax.scim_type
    return InvalidSyntax(error.detail) if is_syntax else InvalidPath(error.detail)


def require_subset(operations: Sequence[PatchOperation], profile: Profile) -> None:
    """Raise an error for operations outside the subset to which the profile limits its clients.

    The subset is that of draft-zollner-scim-interop-profile. Raises InvalidSyntax for a missing path or array,
    InvalidPath for a filter without a sub-attribute after it.
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
