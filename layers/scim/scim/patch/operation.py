"""One operation of a PATCH request, and what its path points at, found out once."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from scim.errors import BadRequest, InvalidPath, InvalidSyntax
from scim.filter.parsing.parse import SHORT
from scim.filter.parsing.tree import PatchPath
from scim.immutable import Same, immutable
from scim.patch.key import ValueKey
from scim.patch.target import AttributeSet, LeadsNowhere, Target, aim_of
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import ResourceType


class Op(StrEnum):
    """What an operation does."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


Path = PatchPath | Target | AttributeSet | ValueKey
"""Where an operation is made: as the client wrote it until it is known what that points at."""


@immutable
class PatchOperation:
    """One operation; without a path it targets the resource itself.

    `position` is its place in the client's request: what it is rewritten into keeps it.
    """

    op: Op
    path: Path | None = None
    value: object = None
    position: int = 0

    def at(self, path: Path | None, value: object) -> "PatchOperation":
        """Return the same operation on another path with another value."""
        return PatchOperation(self.op, path, value, self.position)

    @property
    def target(self) -> Target | None:
        """The attribute the operation is about; None without a path, and for a whole set."""
        return self.path if isinstance(self.path, Target) else None

    def removal(self, path: Path) -> "PatchOperation":
        """Return an operation that removes what is at the path, in the place of this one."""
        return PatchOperation(Op.REMOVE, path, None, self.position)


class located:  # noqa: N801 - a context manager reads as the word it is
    """Says in what is refused inside which operation of the request is at fault."""

    __slots__ = ("_position",)

    def __init__(self, operation: PatchOperation) -> None:
        self._position = operation.position

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, BadRequest) and not error.detail.startswith("Operations["):
            raise type(error)(f"Operations[{self._position}]: {error.detail}") from error


MOST_TOLD: Final = 8
"""Reasons that a client is told why something was left out."""


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
        if read.filter is None and len(read.text) <= SHORT:
            return _short_aim(resource_type, Same(read), Same(profile))
        return aim_of(resource_type, read, profile)
    except LeadsNowhere as error:
        return error
    except InvalidPath as error:
        raise _refusal(error, profile) from error


@lru_cache(maxsize=1024)
def _short_aim(
    resource_type: ResourceType, read: Same[PatchPath], profile: Same[Profile]
) -> Target | AttributeSet:
    """Return what a path without a filter points at, which is asked of the same path in each request."""
    return aim_of(resource_type, read.value, profile.value)


def _is_read_only_part(target: Target) -> bool:
    is_part = target.sub is not None and target.sub.is_read_only
    return is_part and not target.attribute.is_read_only


def _refusal(error: InvalidPath, profile: Profile) -> InvalidPath | InvalidSyntax:
    is_syntax = profile.patch.refuses_unknown == InvalidSyntax.scim_type
    return InvalidSyntax(error.detail) if is_syntax else InvalidPath(error.detail)
