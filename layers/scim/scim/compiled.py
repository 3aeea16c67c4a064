"""The definitions as compiled when the layer was built, so that no process has to do that work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

DEFINITIONS: Final = Path(__file__).parent / "definitions"
COMPILED: Final = Path(__file__).parent / "_compiled"
"""Written by `python -m scim.bootstrap.compiling`; not there in a plain checkout."""

_TUPLE, _SET, _ENUM, _VALUE, _AGAIN = "t", "s", "e", "v", "a"
"""The first element of an array that stands for a tuple, a frozenset, a member of an enumeration, a
dataclass, or a dataclass that occurred before."""


def compiled(name: str) -> Any:
    """Return the compiled data of that name, None if there is none."""
    try:
        content = (COMPILED / f"{name}.json").read_bytes()
    except FileNotFoundError:
        return None
    return json.loads(content)


class PlainRows:
    """Turns values into plain JSON: a dataclass only once, with the fields that differ from their defaults."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, value: object) -> Any:
        """Return the JSON of a value. Raises TypeError for one that is neither plain nor a dataclass."""
        if isinstance(value, Enum):
            return [_ENUM, type(value).__name__, value.value]
        if value is None or isinstance(value, str | int | float):
            return value
        if isinstance(value, tuple):
            return [_TUPLE, *map(self.of, value)]
        if isinstance(value, frozenset):
            return [_SET, *map(self.of, sorted(value))]
        if isinstance(value, Mapping):
            return {str(name): self.of(member) for name, member in value.items()}
        if not is_dataclass(value):
            raise TypeError(f"{type(value).__name__} cannot be compiled")
        earlier_number = self._known.get(id(value))
        if earlier_number is not None:
            return [_AGAIN, earlier_number]
        content = {
            field.name: self.of(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != _default(field)
        }
        self._known[id(value)] = len(self._known)
        return [_VALUE, type(value).__name__, content]


class Values:
    """Turns the JSON of `PlainRows` back into values; finds their classes by name."""

    def __init__(self, *classes: type) -> None:
        self._classes = {class_.__name__: class_ for class_ in classes}
        self._known: list[Any] = []

    def of(self, row: Any) -> Any:
        """Return the value of the JSON. Raises KeyError for an unknown class."""
        if isinstance(row, dict):
            return {name: self.of(value) for name, value in row.items()}
        if not isinstance(row, list):
            return row
        kind = row[0]
        if kind == _TUPLE:
            return tuple(map(self.of, row[1:]))
        if kind == _SET:
            return frozenset(map(self.of, row[1:]))
        if kind == _AGAIN:
            return self._known[row[1]]
        if kind == _ENUM:
            return self._classes[row[1]](row[2])
        made = self._classes[row[1]](**{name: self.of(value) for name, value in row[2].items()})
        self._known.append(made)
        return made


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
