"""Which column of a CSV file is which attribute: a document of the operator's own."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from itertools import zip_longest
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scim.errors import InvalidValue
from scim.resource.body import value_at
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, AttributeType

TYPE = "meta.resourceType"
ID = "id"
_CHOSEN = re.compile(r'(?P<name>[^\[]+)\[(?P<by>\w+) eq "(?P<value>[^"]*)"\](?:\.(?P<sub>\$?\w+))?')
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


class _ColumnShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    separator: str = Field(default=";", min_length=1)


class _MappingShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    columns: dict[str, str | _ColumnShape] = Field(min_length=1)
    resource_type: str = Field(default="", alias="resourceType")
    delimiter: str = Field(default=",", pattern=r"^[^\"\r\n]$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the attribute it holds.

    Of an attribute with several values `chosen` tells which: the one whose sub-attribute of that
    name has that value; without it the column holds all, put together by the separator.
    """

    name: str
    path: str
    separator: str = ";"
    chosen: tuple[str, str] | None = None

    def put(self, resource: dict[str, object], resource_type: ResourceType, text: str) -> None:
        """Put what stands in a cell into a resource that is being made. Raises InvalidValue."""
        ref = self._place(resource_type)
        attribute, sub = ref.attribute, _sub_of(ref)
        level = resource
        if ref.container is not None:
            level = _below(resource, ref.container)
        if attribute.multi_valued and self.chosen is None:
            texts = [each.strip() for each in text.split(self.separator) if each.strip()]
            values = [self._value(ref, each) for each in texts]
            level[attribute.name] = (
                values if sub is None else _beside(level, attribute, sub, values)
            )
        elif attribute.multi_valued and self.chosen is not None:
            chosen = _chosen_in(level, attribute.name, self.chosen)
            chosen[sub or "value"] = self._value(ref, text)
        elif sub is not None:
            _below(level, attribute.name)[sub] = self._value(ref, text)
        else:
            level[attribute.name] = self._value(ref, text)

    def cell(self, resource: Mapped[str, object], resource_type: ResourceType) -> str:
        """Return what stands in this column for a resource, nothing where it has no value."""
        if self.path == TYPE:
            return resource_type.name
        ref = resource_type.named(self.path)
        if ref is None:
            return ""
        value = value_at(resource, ref.container, ref.attribute.name)
        sub = _sub_of(ref)
        if not ref.attribute.multi_valued:
            return _text(value if sub is None else _member(value, sub))
        values = value if isinstance(value, list) else []
        if self.chosen is None:
            every = (each if sub is None else _member(each, sub) for each in values)
            return self.separator.join(_text(each) for each in every if each is not None)
        by, wanted = self.chosen
        found = (each for each in values if _text(_member(each, by)).lower() == wanted.lower())
        return _text(_member(next(found, None), sub or ""))

    def is_of(self, resource_type: ResourceType) -> bool:
        """Tell whether resources of that type can have a value here."""
        return self.path == TYPE or resource_type.named(self.path) is not None

    def _place(self, resource_type: ResourceType) -> AttributeRef:
        ref = resource_type.named(self.path)
        if ref is None:
            raise InvalidValue(
                f"Column {self.name}: a {resource_type.name} has no attribute {self.path}."
            )
        return ref

    def _value(self, ref: AttributeRef, text: str) -> object:
        leaf = ref.leaf
        try:
            match leaf.type:
                case AttributeType.BOOLEAN:
                    return _boolean(text)
                case AttributeType.INTEGER:
                    return int(text)
                case AttributeType.DECIMAL:
                    return float(text)
        except ValueError as error:
            raise InvalidValue(f"Column {self.name}: expected {leaf.type}.") from error
        return text


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns by their names; `resource_type` is that of rows that do not tell."""

    columns: tuple[Column, ...]
    resource_type: str = ""
    delimiter: str = ","

    @classmethod
    def of_json(cls, document: object) -> Self:
        """Read the document; raises InvalidValue that says what in it does not fit."""
        try:
            shape = _MappingShape.model_validate(document)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in ("mapping", *first["loc"]))
            raise InvalidValue(f"{where}: {first['msg']}.") from error
        columns = tuple(
            _column(name, each.path if isinstance(each, _ColumnShape) else each, each)
            for name, each in shape.columns.items()
        )
        return cls(columns, shape.resource_type, shape.delimiter)

    def require_served(self, resource_types: Iterable[ResourceType]) -> None:
        """Raise InvalidValue for a type or an attribute that no resource can have."""
        types = list(resource_types)
        names = {each.name.lower() for each in types}
        if self.resource_type and self.resource_type.lower() not in names:
            raise InvalidValue(f"mapping.resourceType: there is no type {self.resource_type}.")
        for column in self.columns:
            if not any(column.is_of(each) for each in types):
                raise InvalidValue(
                    f"mapping.columns.{column.name}: there is no attribute {column.path}."
                )


def _column(name: str, path: str, told: object) -> Column:
    separator = told.separator if isinstance(told, _ColumnShape) else ";"
    found = _CHOSEN.fullmatch(path.strip())
    if found is not None:
        plain = found["name"] if found["sub"] is None else f"{found['name']}.{found['sub']}"
        return Column(name, plain, separator, (found["by"], found["value"]))
    if "[" in path:
        raise InvalidValue(
            f'mapping.columns.{name}: expected a path like emails[type eq "work"].value.'
        )
    return Column(name, path.strip(), separator)


def _sub_of(ref: AttributeRef) -> str | None:
    """Return the sub-attribute that is meant: `value` where none is named."""
    if ref.sub is not None:
        return ref.sub.name
    return "value" if ref.attribute.is_complex else None


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


def _beside(
    level: Mapped[str, object], attribute: Attribute, sub: str, values: Sequence[object]
) -> list[dict[str, object]]:
    """Return the values of a sub-attribute beside those another column gave the same elements."""
    known = level.get(attribute.name)
    before = [each for each in known if isinstance(each, dict)] if isinstance(known, list) else []
    return [
        {**(some or {}), **({} if value is None else {sub: value})}
        for some, value in zip_longest(before, values)
    ]


def _below(level: dict[str, object], name: str) -> dict[str, object]:
    below = level.setdefault(name, {})
    if not isinstance(below, dict):
        raise InvalidValue(f"{name}: two columns give it different kinds of values.")
    return below


def _chosen_in(level: dict[str, object], name: str, chosen: tuple[str, str]) -> dict[str, object]:
    values = level.setdefault(name, [])
    if not isinstance(values, list):
        raise InvalidValue(f"{name}: two columns give it different kinds of values.")
    by, wanted = chosen
    for each in values:
        if isinstance(each, dict) and each.get(by) == wanted:
            return each
    made: dict[str, object] = {by: wanted}
    values.append(made)
    return made


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapped) else None


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
