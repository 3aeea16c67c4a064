"""Values that are made for every request or item: nobody changes them, as the type checker proves.

A frozen dataclass sets each field through `object.__setattr__`, which takes several times as long as an assignment. What
is made in hundreds for one answer is frozen by mypy alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(cls: type[_T]) -> type[_T]:
    """Return the class as a dataclass with slots and a hash, whose fields mypy lets nobody assign."""
    made: Callable[[type[_T]], type[_T]] = dataclass(slots=True, unsafe_hash=True)
    return made(cls)


def renewed(value: _T, **changes: object) -> _T:
    """Return the value with some fields changed, as `dataclasses.replace` does in a third of the time.

    It is for dataclasses whose fields are all arguments. Raises TypeError for a name that is no field's.
    """
    cls: Any = value.__class__
    names = cls.__match_args__
    made: _T = cls(**{**dict(zip(names, _fields_of(cls)(value), strict=False)), **changes})
    return made


@lru_cache(maxsize=256)
def _fields_of(cls: Any) -> Callable[[object], tuple[object, ...]]:
    # One more than asked for, so that it returns a tuple for a class of one field, too.
    return attrgetter(*cls.__match_args__, "__class__")


class Same(Generic[_T]):
    """A value that is equal to itself only, which costs nothing to find out: a key of what is remembered."""

    __slots__ = ("value",)

    def __init__(self, value: _T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value


REMEMBERED: Final = 256
"""For how many objects what was made of them is kept."""
