"""The mapping document: an operator's description of a file's columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scim.errors import InvalidValue
from scim.expectation import expectation_of
from scim.schema.dialect_names import echo_of
from scim.schema.resource_type import ResourceType
from scim.service.transfer.columns import (
    SEPARATOR,
    TYPE_PATH,
    Column,
    column_of,
)
from scim.service.transfer.encoding import encoding_named
from scim.service.transfer.words import Translation, Words, folded_name

HEADER_ROWS: Final = 10
"""How many rows are searched for the one that names the columns: titles and versions may precede it."""
HEADER_BYTES: Final = 65_536
"""How many bytes of a file are searched for the row that names its columns."""
MOST_COLUMNS: Final = 1000
LONGEST_TEMPLATE: Final = 4096
"""The most columns, and characters of a text in `values`: each row of a file is read by all of them."""
_BRACES: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def _listed(words: object) -> object:
    return [words] if isinstance(words, str) else words


def _described(shape: object) -> object:
    return {"path": shape} if isinstance(shape, str | list) else shape


_Word = Annotated[str, Field(min_length=1)]
_Words = Annotated[list[_Word], Field(min_length=1), BeforeValidator(_listed)]
"""One word, or a list of several."""


class _ColumnShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    path: _Words
    separator: str | None = Field(default=None, min_length=1, pattern=r'^[^"]+$')
    true: _Words = Field(default_factory=lambda: list(Words().true))
    false: _Words = Field(default_factory=lambda: list(Words().false))
    inverse: bool = False
    optional: bool = False
    translate: dict[str, str] = Field(default_factory=dict)
    first: bool = False
    bit: int = Field(default=0, ge=0, lt=1 << 32)
    also: list[str] = Field(default_factory=list)


class _MappingShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    columns: dict[str, Annotated[_ColumnShape, BeforeValidator(_described)]] = Field(
        default_factory=dict, max_length=MOST_COLUMNS
    )
    values: dict[str, Annotated[str, Field(max_length=LONGEST_TEMPLATE)]] = Field(
        default_factory=dict, max_length=MOST_COLUMNS
    )
    resource_type: str = Field(default="", alias="resourceType")
    delimiter: str = Field(default="", pattern=r"^[^\"\r\n]?$")
    encoding: str = ""
    skip_lines: int = Field(default=0, ge=0, le=1000, alias="skipLines")
    header_rows: int = Field(default=HEADER_ROWS, ge=1, le=1000, alias="headerRows")
    header_bytes: int = Field(default=HEADER_BYTES, ge=1024, le=1 << 20, alias="headerBytes")
    key: str = "id"


@dataclass(frozen=True)
class Template:
    """A text filled from the cells of a row: a name in braces stands for that column's cell."""

    column: Column
    text: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns it uses, each as often as it does."""
        return tuple(name for name in _BRACES.findall(self.text) if name)

    def length(self, cells: Mapping[str, str]) -> int:
        """Return the most characters of the text for a row."""
        return len(self.text) + sum(len(cells.get(folded_name(name), "")) for name in self.names)

    def filled(self, cells: Mapping[str, str]) -> str:
        """Return the text for a row, empty where one of its cells is empty."""
        if not all(folded_name(name) in cells for name in self.names):
            return ""

        def cell(match: re.Match[str]) -> str:
            name = match[1]
            return match[0][0] if name is None else cells[folded_name(name)].strip()

        return _BRACES.sub(cell, self.text)


@dataclass(frozen=True)
class Columns:
    """The columns of a file; `resource_type` is the type of rows that name none.

    An empty delimiter is detected in the file. `key` is the attribute by which resources in the
    file refer to each other.
    """

    columns: tuple[Column, ...]
    resource_type: str = ""
    delimiter: str = ""
    encoding: str = ""
    skip_lines: int = 0
    templates: tuple[Template, ...] = ()
    key: str = "id"
    header_rows: int = HEADER_ROWS
    header_bytes: int = HEADER_BYTES

    @classmethod
    def of_json(cls, document: object, *, needs_columns: bool = True) -> Self:
        """Return the columns in a document. Raises InvalidValue naming the member that does not fit."""
        try:
            shape = _MappingShape.model_validate(document)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(echo_of, ("mapping", *first["loc"])))
            raise InvalidValue(f"{place}: {expectation_of(first)}.") from error
        if needs_columns and not shape.columns:
            raise InvalidValue("mapping.columns: expected at least one column.")
        columns = tuple(
            column
            for name, shape_of_column in shape.columns.items()
            for column in _columns(name, shape_of_column)
        )
        templates = tuple(
            Template(column_of(f"values.{path}", path), text) for path, text in shape.values.items()
        )
        other_names = dict.fromkeys(also for column in columns for also in column.also)
        _require_once(
            [*shape.columns, *other_names], [*columns, *(template.column for template in templates)]
        )
        return cls(
            columns,
            shape.resource_type,
            shape.delimiter,
            encoding_named(shape.encoding) if shape.encoding else "",
            shape.skip_lines,
            templates,
            shape.key,
            shape.header_rows,
            shape.header_bytes,
        )

    @property
    def is_of_rows(self) -> bool:
        """Tell whether it has an encoding, delimiter or skipLines, which apply to CSV files only."""
        return bool(self.encoding or self.delimiter or self.skip_lines)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the folded names of all columns that are read."""
        column_names = {folded_name(column.name) for column in self.columns}
        return frozenset(column_names.union(map(folded_name, self._made_of)))

    def named(self, name: str) -> str:
        """Return the folded name of the column that has this name, or has it `also`."""
        folded = folded_name(name)
        return self._others.get(folded, folded)

    def written(self, name: str) -> str:
        """Return a column's name as the operator wrote it, by its folded name."""
        names = [*(column.name for column in self.columns), *self._made_of]
        return next((written for written in names if folded_name(written) == name), name)

    @cached_property
    def _others(self) -> dict[str, str]:
        return {
            folded_name(also): folded_name(column.name)
            for column in self.columns
            for also in column.also
        }

    @property
    def required(self) -> tuple[str, ...]:
        """Return the names of the columns that a file must have, as the operator wrote them."""
        column_names = [column.name for column in self.columns if not column.is_optional]
        return tuple(dict.fromkeys([*column_names, *self._made_of]))

    @property
    def _made_of(self) -> list[str]:
        return [name for template in self.templates for name in template.names]

    def known(self, names: Sequence[str]) -> int:
        """Return how many of the columns are among these folded names."""
        return len(self.names.intersection(names))

    def require_served(self, resource_types: Iterable[ResourceType]) -> None:
        """Raise InvalidValue for a type, a key or an attribute that the tenant does not serve."""
        types = list(resource_types)
        names = {type_.name.lower() for type_ in types}
        if self.resource_type and self.resource_type.lower() not in names:
            raise InvalidValue(
                f"mapping.resourceType: there is no type {echo_of(self.resource_type)}."
            )
        keys = {i.attribute.lower() for type_ in types for i in type_.indexes if i.is_unique}
        if self.key.lower() not in {"id", "externalid"} | keys:
            raise InvalidValue(
                f"mapping.key: {echo_of(self.key)} is not unique and cannot name resources."
            )
        for column in self._all:
            if not any(column.is_of(type_) for type_ in types):
                raise InvalidValue(
                    f"mapping.columns.{echo_of(column.name)}: there is no attribute {echo_of(column.path)}."
                )

    def require_writable(self, resource_types: Iterable[ResourceType]) -> None:
        """Raise InvalidValue for columns from which no row can be imported: they tell no type, or fit none."""
        types = list(resource_types)
        if self.columns and not any(column.path == TYPE_PATH for column in self.columns):
            names = ", ".join(type_.name for type_ in types)
            types = [type_ for type_ in types if type_.name.lower() == self.resource_type.lower()]
            if not types:
                raise InvalidValue(
                    f"mapping.resourceType: expected one of {names}, as no column is {TYPE_PATH}."
                )
        for column in self._all:
            having = [type_ for type_ in types if column.is_of(type_)] or types
            misfits = [column.misfit(type_) for type_ in having]
            if all(misfits):
                raise InvalidValue(f"mapping.columns.{echo_of(column.name)}: {misfits[0]}.")
            if all(column.is_read_only(type_) for type_ in having):
                raise InvalidValue(
                    f"mapping.columns.{echo_of(column.name)}: {echo_of(column.path)} is readOnly;"
                    " it cannot be imported."
                )

    @property
    def _all(self) -> list[Column]:
        return [*self.columns, *(template.column for template in self.templates)]


def _columns(name: str, shape: _ColumnShape) -> list[Column]:
    words = Words(tuple(shape.true), tuple(shape.false), shape.bit)
    if shape.inverse:
        words = Words(words.false, words.true, shape.bit, bit_means=False)
    return [
        replace(
            column_of(name, path),
            separator=shape.separator or SEPARATOR,
            words=words,
            is_optional=shape.optional,
            translation=Translation(tuple(shape.translate.items())),
            takes_first=shape.first,
            also=tuple(shape.also),
            has_several=shape.separator is not None,
        )
        for path in shape.path
    ]


def _require_once(names: Sequence[str], columns: Sequence[Column]) -> None:
    """Raise InvalidValue for a column named twice, or an attribute filled twice."""
    seen: set[str] = set()
    for name in names:
        if folded_name(name) in seen:
            raise InvalidValue(f"mapping.columns.{echo_of(name)}: the column is named twice.")
        seen.add(folded_name(name))
    targets: dict[tuple[str, str], str] = {}
    for column in columns:
        target = column.target
        if target in targets:
            raise InvalidValue(
                f"mapping.columns.{echo_of(column.name)}: {echo_of(column.path)} is already filled by {targets[target]}."
            )
        targets[target] = echo_of(column.name)
