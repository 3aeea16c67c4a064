"""One column of a file: the attribute it holds, and how its cells are read and written."""

import json
import re
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from scim.errors import InvalidValue
from scim.resource.body import value_at
from scim.schema.dialect_names import echo_of
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, AttributeType
from scim.service.transfer.lists import joined_list, split_list
from scim.service.transfer.words import Translation, Words

TYPE_PATH = "meta.resourceType"
ID_PATH = "id"
SEPARATOR: Final = ";"
_CHOSEN = re.compile(
    r'(?P<name>[^\[]+)\[\s*(?P<by>\w+) eq (?:"(?P<value>[^"]*)"|(?P<flag>true|false))\s*\]'
    r"(?:\.(?P<sub>\$?\w+))?"
)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,400}(?:\.0{1,19})?")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}|[0-9]{20}")
"""A whole number as long as a request body can have it."""
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the attribute it holds.

    For a multi-valued attribute `chosen` picks one value: the one whose sub-attribute of that name
    has that value, or all of them with `has_several`; without it the column holds all values of the
    list. Several values are joined by the separator. With `takes_first`
    the first of several values in the file is used. `also` are other names that the column may have.
    """

    name: str
    path: str
    separator: str = SEPARATOR
    chosen: tuple[str, str | bool] | None = None
    words: Words = field(default_factory=Words)
    is_optional: bool = False
    translation: Translation = field(default_factory=Translation)
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
        elif not (text := self.meaning_of(text)):
            return
        elif sub is not None:
            _below(level, ref.attribute.name)[sub] = self._value(ref, text)
        else:
            level[ref.attribute.name] = self._value(ref, text)

    def _put_chosen(self, level: dict[str, object], ref: AttributeRef, sub: str, text: str) -> None:
        by, value = self.chosen or ("", "")
        name = f"{ref.attribute.name}[{by} eq {json.dumps(value)}]"
        if not self.has_several:
            if text := self.meaning_of(text):
                element = _below(level, name)
                element.setdefault(by, value)
                element[sub] = self._value(ref, text)
            return
        parts = split_list(text, self.separator)
        meanings = [self.meaning_of(part) for part in parts if part.strip()]
        elements = [{by: value, sub: self._value(ref, meaning)} for meaning in meanings if meaning]
        if level.setdefault(name, elements) is not elements:
            raise InvalidValue(f"{name}: two columns give it different kinds of values.")

    def put_all(
        self, resource: dict[str, object], resource_type: ResourceType, texts: Sequence[str]
    ) -> None:
        """Put all values of a list into a resource; an empty text holds the place of a missing value."""
        ref = self._ref(resource_type)
        level = resource if ref.container is None else _below(resource, ref.container)
        sub = _sub_of(ref)
        meanings = [self.meaning_of(text) if text.strip() else "" for text in texts]
        values = [self._value(ref, meaning) if meaning.strip() else None for meaning in meanings]
        name = ref.attribute.name
        if sub is None:
            level[name] = [value for value in values if value is not None]
        else:
            level[name] = _beside(level, ref.attribute, sub, values)

    def holds_all(self, resource_type: ResourceType) -> bool:
        """Tell whether a cell holds all values of a list. Raises InvalidValue."""
        ref = self._ref(resource_type)
        return (ref.attribute.multi_valued or ref.leaf.multi_valued) and self.chosen is None

    def meaning_of(self, text: str) -> str:
        """Return the meaning of a text in the file. Raises InvalidValue, listing the texts allowed."""
        try:
            return self.translation.meaning_of(text)
        except ValueError as error:
            raise InvalidValue(f"Column {echo_of(self.name)}: expected {error}.") from error

    def cell(self, resource: Mapped[str, object], resource_type: ResourceType) -> str:
        """Return the text of this column for a resource, empty where it has no value."""
        if self.path == TYPE_PATH:
            return self.translation.text_of(resource_type.name)
        ref = resource_type.named(self.path)
        if ref is None:
            return ""
        value = value_at(resource, ref.container, ref.attribute.name)
        sub = _sub_of(ref)
        if not ref.attribute.multi_valued:
            return self._text(value if sub is None else _member(value, sub))
        values = value if isinstance(value, list) else []
        if self.chosen is None:
            members = [element if sub is None else _member(element, sub) for element in values]
            return joined_list([self._text(element) for element in members], self.separator)
        chosen_elements = [element for element in values if is_chosen(element, self.chosen)]
        texts = [self._text(_member(element, sub or "")) for element in chosen_elements or [None]]
        return joined_list(texts, self.separator) if self.has_several else texts[0]

    def is_of(self, resource_type: ResourceType) -> bool:
        """Tell whether resources of the type can have a value in this column."""
        return self.path == TYPE_PATH or resource_type.named(self.path) is not None

    def is_binary(self, resource_type: ResourceType) -> bool:
        """Tell whether the column holds bytes in base64."""
        ref = resource_type.named(self.path)
        if ref is None:
            return False
        leaf = ref.leaf.sub("value") if ref.leaf.is_complex else ref.leaf
        return leaf is not None and leaf.type is AttributeType.BINARY

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
            return f"a {resource_type.name} has no attribute {echo_of(self.path)}"
        attribute = ref.attribute
        if self.chosen is not None and not attribute.multi_valued:
            return f"{attribute.name} has one value only; expected no brackets"
        if self.chosen is not None and attribute.sub(self.chosen[0]) is None:
            return f"{attribute.name} has no {echo_of(self.chosen[0])}"
        if attribute.is_complex and ref.sub is None and attribute.sub("value") is None:
            subs = ", ".join(f"{self.path}.{sub.name}" for sub in attribute.sub_attributes)
            return f"{self.path} has no single value; expected one of {subs}"
        return None

    def _ref(self, resource_type: ResourceType) -> AttributeRef:
        ref = resource_type.named(self.path)
        if ref is None:
            raise InvalidValue(
                f"Column {echo_of(self.name)}: a {resource_type.name} has no attribute {echo_of(self.path)}."
            )
        return ref

    def _value(self, ref: AttributeRef, text: str) -> object:
        if ref.sub is None or not ref.sub.multi_valued:
            return self._single_value(ref.leaf, text)
        texts = split_list(text, self.separator)
        return [self._single_value(ref.sub, part) for part in texts if part.strip()]

    def _single_value(self, leaf: Attribute, text: str) -> object:
        try:
            match leaf.type:
                case AttributeType.BOOLEAN:
                    return self.words.flag(text)
                case AttributeType.INTEGER:
                    return int(_matched(_INTEGER, text).partition(".")[0])
                case AttributeType.DECIMAL:
                    return _decimal(_matched(_DECIMAL, text))
        except ValueError as error:
            expected = error if leaf.type is AttributeType.BOOLEAN else leaf.type
            raise InvalidValue(f"Column {echo_of(self.name)}: expected {expected}.") from error
        return text

    def _text(self, value: object) -> str:
        if isinstance(value, bool):
            return self.words.word(flag=value)
        if isinstance(value, list):
            return joined_list([self._text(part) for part in value], self.separator)
        return "" if value is None else self.translation.text_of(str(value))


def column_of(name: str, path: str) -> Column:
    """Return the column for a path as the operator writes it. Raises InvalidValue."""
    if "[" not in path:
        return Column(name, path.strip())
    match = _CHOSEN.fullmatch(path.strip())
    if match is None:
        raise InvalidValue(
            f'mapping.columns.{echo_of(name)}: expected a path like emails[type eq "work"].value.'
        )
    attribute_path = match["name"] if match["sub"] is None else f"{match['name']}.{match['sub']}"
    value = match["value"] if match["flag"] is None else match["flag"] == "true"
    return Column(name, attribute_path, chosen=(match["by"], value))


def is_chosen(element: object, chosen: tuple[str, str | bool]) -> bool:
    """Tell whether an element of a list is the chosen one."""
    by, value = chosen
    member = _member(element, by)
    if isinstance(member, bool) or isinstance(value, bool):
        return member is value or (member is None and value is False)
    return member is not None and str(member).lower() == value.lower()


def _matched(pattern: re.Pattern[str], text: str) -> str:
    """Return the text without outer spaces. Raises ValueError for what Python reads as a number, but people do not."""
    if pattern.fullmatch(text.strip()) is None:
        raise ValueError
    return text.strip()


def _decimal(text: str) -> int | float:
    """Return a number as JSON is read: a whole number keeps all of its digits."""
    return int(text) if _WHOLE.fullmatch(text) else float(text)


def _sub_of(ref: AttributeRef) -> str | None:
    """Return the name of the sub-attribute: `value` where none is named, None for a simple attribute."""
    if ref.sub is not None:
        return ref.sub.name
    return "value" if ref.attribute.is_complex else None


def _beside(
    level: Mapped[str, object], attribute: Attribute, sub: str, values: Sequence[object]
) -> list[dict[str, object]]:
    """Return the elements of a list with the values of one more sub-attribute merged in, by position."""
    stored = level.get(attribute.name)
    stored_list = stored if isinstance(stored, list) else []
    elements = [element for element in stored_list if isinstance(element, dict)]
    return [
        {**(element or {}), **({} if value is None else {sub: value})}
        for element, value in zip_longest(elements, values)
    ]


def _below(level: dict[str, object], name: str) -> dict[str, object]:
    object_below = level.setdefault(name, {})
    if not isinstance(object_below, dict):
        raise InvalidValue(f"{name}: two columns give it different kinds of values.")
    return object_below


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapped) else None
