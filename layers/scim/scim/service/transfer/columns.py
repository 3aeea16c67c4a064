"""One column of a file: the attribute it holds, and how its cells are read and written."""

import json
import re
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from scim.errors import InvalidValue
from scim.resource.body import value_at
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, AttributeType
from scim.service.transfer.lists import joined_list, split_list

TYPE_PATH = "meta.resourceType"
ID_PATH = "id"
SEPARATOR: Final = ";"
_CHOSEN = re.compile(
    r'(?P<name>[^\[]+)\[\s*(?P<by>\w+) eq (?:"(?P<value>[^"]*)"|(?P<flag>true|false))\s*\]'
    r"(?:\.(?P<sub>\$?\w+))?"
)
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,400}")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUE: Final = ("true", "yes", "1")
_FALSE: Final = ("false", "no", "0")


@lru_cache(maxsize=4096)
def folded_name(name: str) -> str:
    """Return a column's name as it is compared: case, outer spaces and repeated spaces do not count."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a column for true and for false; the first of each is the one written.

    With a `bit` a cell is a number instead, and `bit_means` what it means that the bit is set.
    """

    true: tuple[str, ...] = _TRUE
    false: tuple[str, ...] = _FALSE
    bit: int = 0
    bit_means: bool = True

    def flag(self, text: str) -> bool:
        """Return the boolean in a cell. Raises ValueError, saying what a cell may have."""
        word = folded_name(text)
        if self.bit:
            if _NUMBER.fullmatch(word) is None:
                raise ValueError("a number")
            return (int(word) & self.bit != 0) is self.bit_means
        if word in map(folded_name, self.true):
            return True
        if word in map(folded_name, self.false):
            return False
        words = f"{', '.join(self.true)} or {', '.join(self.false)}"
        raise ValueError(f"boolean: one of {words}")

    def word(self, *, flag: bool) -> str:
        """Return the word written for a boolean."""
        if self.bit:
            return str(self.bit if flag is self.bit_means else 0)
        return self.true[0] if flag else self.false[0]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the attribute it holds.

    For a multi-valued attribute `chosen` picks one value: the one whose sub-attribute of that name
    has that value, or all of them with `has_several`; without it the column holds all values of the
    list. Several values are joined by the separator. `translation`
    holds pairs of a cell's text and its meaning, empty for no value; with `takes_first` the first of
    several values in the file is used. `also` are other names that the column may have.
    """

    name: str
    path: str
    separator: str = SEPARATOR
    chosen: tuple[str, str | bool] | None = None
    words: Words = field(default_factory=Words)
    is_optional: bool = False
    translation: tuple[tuple[str, str], ...] = ()
    takes_first: bool = False
    also: tuple[str, ...] = ()
    has_several: bool = False

    @property
    def target(self) -> tuple[str, str]:
        """Return what distinguishes this column from columns for other attributes."""
        return self.path.lower(), "" if self.chosen is None else json.dumps(self.chosen).lower()

    def put(self, resource: dict[str, object], resource_type: ResourceType, text: str) -> None:
        """Put a cell's text into the resource being built. Raises InvalidValue."""
        ref = self._ref(resource_type)
        if ref.attribute.multi_valued and self.chosen is None:
            self.put_all(resource, resource_type, split_list(text, self.separator))
            return
        level = resource if ref.container is None else _below(resource, ref.container)
        sub = _sub_of(ref)
        if self.chosen is not None:
            self._put_chosen(level, ref, sub or "value", text)
        elif not (text := self.meant(text)):
            return
        elif sub is not None:
            _below(level, ref.attribute.name)[sub] = self._value(ref, text)
        else:
            level[ref.attribute.name] = self._value(ref, text)

    def _put_chosen(self, level: dict[str, object], ref: AttributeRef, sub: str, text: str) -> None:
        by, wanted = self.chosen or ("", "")
        name = f"{ref.attribute.name}[{by} eq {json.dumps(wanted)}]"
        if not self.has_several:
            if text := self.meant(text):
                element = _below(level, name)
                element.setdefault(by, wanted)
                element[sub] = self._value(ref, text)
            return
        said = [self.meant(each) for each in split_list(text, self.separator) if each.strip()]
        elements = [{by: wanted, sub: self._value(ref, each)} for each in said if each]
        if level.setdefault(name, elements) is not elements:
            raise InvalidValue(f"{name}: two columns give it different kinds of values.")

    def put_all(
        self, resource: dict[str, object], resource_type: ResourceType, texts: Sequence[str]
    ) -> None:
        """Put all values of a list into a resource; an empty text holds the place of a missing value."""
        ref = self._ref(resource_type)
        level = resource if ref.container is None else _below(resource, ref.container)
        sub = _sub_of(ref)
        said = [self.meant(each) if each.strip() else "" for each in texts]
        values = [self._value(ref, each) if each.strip() else None for each in said]
        name = ref.attribute.name
        if sub is None:
            level[name] = [each for each in values if each is not None]
        else:
            level[name] = _beside(level, ref.attribute, sub, values)

    def holds_all(self, resource_type: ResourceType) -> bool:
        """Tell whether a cell holds all values of a list. Raises InvalidValue."""
        return self._ref(resource_type).attribute.multi_valued and self.chosen is None

    def meant(self, text: str) -> str:
        """Return the meaning of a text in the file. Raises InvalidValue, listing the texts allowed."""
        if not self.translation:
            return text
        word = folded_name(text)
        for said, meaning in self.translation:
            if folded_name(said) == word:
                return meaning
        said_words = ", ".join(said for said, _ in self.translation)
        raise InvalidValue(f"Column {self.name}: expected one of {said_words}.")

    def cell(self, resource: Mapped[str, object], resource_type: ResourceType) -> str:
        """Return the text of this column for a resource, empty where it has no value."""
        if self.path == TYPE_PATH:
            return self._said(resource_type.name)
        ref = resource_type.named(self.path)
        if ref is None:
            return ""
        value = value_at(resource, ref.container, ref.attribute.name)
        sub = _sub_of(ref)
        if not ref.attribute.multi_valued:
            return self._text(value if sub is None else _member(value, sub))
        values = value if isinstance(value, list) else []
        if self.chosen is None:
            every = [each if sub is None else _member(each, sub) for each in values]
            return joined_list([self._text(each) for each in every], self.separator)
        found = [each for each in values if is_chosen(each, self.chosen)]
        texts = [self._text(_member(each, sub or "")) for each in found or [None]]
        return joined_list(texts, self.separator) if self.has_several else texts[0]

    def is_of(self, resource_type: ResourceType) -> bool:
        """Tell whether resources of the type can have a value in this column."""
        return self.path == TYPE_PATH or resource_type.named(self.path) is not None

    def is_read_only(self, resource_type: ResourceType) -> bool:
        """Tell whether the type takes no imported value from this column."""
        ref = resource_type.named(self.path)
        if self.path in {TYPE_PATH, ID_PATH} or ref is None:
            return False
        return ref.attribute.is_read_only or ref.leaf.is_read_only

    def misfit(self, resource_type: ResourceType) -> str | None:
        """Return why no value of the type fits in this column, None where one does."""
        if self.path in {TYPE_PATH, ID_PATH}:
            return None
        ref = resource_type.named(self.path)
        if ref is None:
            return f"a {resource_type.name} has no attribute {self.path}"
        attribute = ref.attribute
        if self.chosen is not None and not attribute.multi_valued:
            return f"{attribute.name} has one value only; expected no brackets"
        if self.chosen is not None and attribute.sub(self.chosen[0]) is None:
            return f"{attribute.name} has no {self.chosen[0]}"
        if attribute.is_complex and ref.sub is None and attribute.sub("value") is None:
            subs = ", ".join(f"{self.path}.{each.name}" for each in attribute.sub_attributes)
            return f"{self.path} has no single value; expected one of {subs}"
        return None

    def _ref(self, resource_type: ResourceType) -> AttributeRef:
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
                    return self.words.flag(text)
                case AttributeType.INTEGER:
                    return int(_matched(_INTEGER, text))
                case AttributeType.DECIMAL:
                    return float(_matched(_DECIMAL, text))
        except ValueError as error:
            expected = error if leaf.type is AttributeType.BOOLEAN else leaf.type
            raise InvalidValue(f"Column {self.name}: expected {expected}.") from error
        return text

    def _text(self, value: object) -> str:
        match value:
            case None:
                return ""
            case bool():
                return self.words.word(flag=value)
            case _:
                return self._said(str(value))

    def _said(self, meaning: str) -> str:
        return next((said for said, each in self.translation if each == meaning), meaning)


def column_of(name: str, path: str, **more: object) -> Column:
    """Return the column for a path as the operator writes it. Raises InvalidValue."""
    found = _CHOSEN.fullmatch(path.strip())
    if found is None and "[" in path:
        raise InvalidValue(
            f'mapping.columns.{name}: expected a path like emails[type eq "work"].value.'
        )
    if found is None:
        return Column(name, path.strip(), **more)  # type: ignore[arg-type]
    plain = found["name"] if found["sub"] is None else f"{found['name']}.{found['sub']}"
    wanted: str | bool = found["value"] if found["flag"] is None else found["flag"] == "true"
    return Column(name, plain, chosen=(found["by"], wanted), **more)  # type: ignore[arg-type]


def is_chosen(element: object, chosen: tuple[str, str | bool]) -> bool:
    """Tell whether an element of a list is the chosen one."""
    by, wanted = chosen
    held = _member(element, by)
    if isinstance(held, bool) or isinstance(wanted, bool):
        return held is wanted or (held is None and wanted is False)
    return held is not None and str(held).lower() == wanted.lower()


def _matched(pattern: re.Pattern[str], text: str) -> str:
    """Return the text without outer spaces. Raises ValueError for what Python reads as a number, but people do not."""
    if pattern.fullmatch(text.strip()) is None:
        raise ValueError
    return text.strip()


def _sub_of(ref: AttributeRef) -> str | None:
    """Return the name of the sub-attribute: `value` where none is named, None for a simple attribute."""
    if ref.sub is not None:
        return ref.sub.name
    return "value" if ref.attribute.is_complex else None


def _beside(
    level: Mapped[str, object], attribute: Attribute, sub: str, values: Sequence[object]
) -> list[dict[str, object]]:
    """Return the elements of a list with the values of one more sub-attribute merged in, by position."""
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


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapped) else None
