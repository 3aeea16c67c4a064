"""Resources as entries of an LDIF file (RFC 2849), according to a mapping of their attributes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scim.errors import InvalidSyntax, InvalidValue, ScimError
from scim.schema.resource_type import ResourceType
from scim.schema.schema import split_name
from scim.service.bulk.request import BulkOperation
from scim.service.transfer.columns import ID_PATH, TYPE_PATH, Column
from scim.service.transfer.formats.ldif_records import (
    DN,
    LdifAttribute,
    attributes_of,
    ldif_records_of,
)
from scim.service.transfer.lists import joined_list
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import ResourceReader, Resources, refused
from scim.service.transfer.port import FileEntry
from scim.service.transfer.references import References
from scim.service.transfer.row import resource_of
from scim.service.transfer.words import folded_name

_HEX = frozenset("0123456789abcdefABCDEF")
_SPECIAL = frozenset(',+="\\<>;')
_PART: Final = re.compile(r"(?P<name>.+);range=(?P<range>\d+-[\d*]+)", re.IGNORECASE)
"""What Active Directory returns in place of all values of a large attribute."""
_ALL: Final = "0-*"
_CLASS: Final = "objectclass"


@dataclass(frozen=True, slots=True)
class LdifReader(ResourceReader):
    """Reads one file; the mapping's columns are the attributes of its entries, and `dn`."""

    resources: Resources
    mapping: Columns
    references: dict[str, References] = field(default_factory=dict)

    opening = ()

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the records, except those whose type the mapping translates to nothing."""
        for entry in ldif_records_of(pieces):
            if not self._is_left_out(entry):
                yield entry

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return the operation of a record; an error in it becomes its `fault`."""
        try:
            return self.resources.operation(self._resource(content, line), position, line)
        except ScimError as error:
            return refused(position, line, error)

    def _is_left_out(self, entry: FileEntry) -> bool:
        type_column = next(
            (column for column in self.mapping.columns if column.path == TYPE_PATH), None
        )
        if type_column is None or all(meaning for _, meaning in type_column.translation.pairs):
            return False
        try:
            values = self._values(entry.content, entry.line).get(folded_name(type_column.name), [])
            return bool(values) and not type_column.meaning_of(
                _type_in(_texts_of(values), type_column)
            )
        except ScimError:
            return False

    def _values(self, content: bytes, line: int) -> dict[str, list[LdifAttribute]]:
        """Return the values of the mapped attributes by folded name. Raises InvalidValue, InvalidSyntax."""
        mapped_names = self.mapping.names
        values: dict[str, list[LdifAttribute]] = {}
        for attribute in attributes_of(content, line):
            part = _PART.fullmatch(attribute.name)
            name = self.mapping.named(attribute.name if part is None else part["name"])
            if name not in mapped_names:
                continue
            if part is not None and part["range"] != _ALL:
                raise InvalidValue(f"{attribute.name}: only some values; expected all of them.")
            if attribute.value is None or attribute.value.decode(errors="replace").strip():
                values.setdefault(name, []).append(attribute)
        return values

    def _resource(self, content: bytes, line: int) -> dict[str, object]:
        values = self._values(content, line)
        present = [
            (column, values[name])
            for column in self.mapping.columns
            if (name := folded_name(column.name)) in values
        ]
        types = [
            (column, _type_in(_texts_of(attributes), column))
            for column, attributes in present
            if column.path == TYPE_PATH
        ]
        type_name = types[0][0].meaning_of(types[0][1]) if types else self.mapping.resource_type
        resource_type = self.resources.type_of({"meta": {"resourceType": type_name}})
        remaining = [
            column_and_values
            for column_and_values in present
            if column_and_values[0].path != TYPE_PATH
        ]
        # One mapping serves all entries: skip columns for attributes of other types.
        cells = [
            (column, self._cell(column, attributes, resource_type))
            for column, attributes in remaining
            if column.path == ID_PATH or column.is_of(resource_type)
        ]
        used_names = {folded_name(name) for t in self.mapping.templates for name in t.names}
        firsts = {name: values[name][0].text for name in used_names & values.keys()}
        return resource_of([*types, *cells], firsts, self.mapping, self.resources)

    def _cell(
        self, column: Column, attributes: Sequence[LdifAttribute], resource_type: ResourceType
    ) -> str:
        """Return the text that a CSV cell would have for these values."""
        if column.is_binary(resource_type):
            texts = [attribute.binary for attribute in attributes]
        else:
            texts = _texts_of(attributes)
        if column.path == ID_PATH:
            is_name = folded_name(column.name) == DN
            return compared_name(texts[0]) if is_name else texts[0]
        if self._names_entries(column, resource_type):
            texts = [compared_name(text) for text in texts]
        if column.has_several or column.holds_all(resource_type):
            return joined_list(texts, column.separator)
        if len(texts) > 1 and not column.takes_first:
            raise InvalidValue(
                f"Column {column.name}: {len(texts)} values, and {column.path} takes one;"
                " first: true takes the first."
            )
        return texts[0]

    def _names_entries(self, column: Column, resource_type: ResourceType) -> bool:
        """Tell whether the values of a column are distinguished names of entries."""
        if self.mapping.key != ID_PATH:
            return False
        if resource_type.name not in self.references:
            references = References.of(resource_type, self.resources.catalogue)
            self.references[resource_type.name] = references
        container, name, _ = split_name(column.path.lower())
        return (container, name) in self.references[resource_type.name].attributes


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the entries at the beginning of a file have.

    `names` are the folded names of all attributes, `dn` among them; `classes` counts the entries by
    their folded object classes.
    """

    names: frozenset[str]
    classes: Mapping[frozenset[str], int]

    def known(self, columns: Columns) -> tuple[int, int]:
        """Return how many entries have an object class that the mapping translates, and how many attributes it has."""
        type_columns = (column for column in columns.columns if column.path == TYPE_PATH)
        words = {
            folded_name(word) for column in type_columns for word, _ in column.translation.pairs
        }
        entries = (number for classes, number in self.classes.items() if words & classes)
        return sum(entries), columns.known([*map(columns.named, self.names)])


def attributes_in(pieces: Iterator[bytes]) -> Attributes:
    """Return what the readable entries of a file have. Raises InvalidSyntax for a file that has none."""
    names: set[str] = set()
    classes: Counter[frozenset[str]] = Counter()
    unreadable: InvalidSyntax | None = None
    for entry in ldif_records_of(pieces):
        try:
            attributes = attributes_of(entry.content, entry.line)
            names.update(folded_name(attribute.name) for attribute in attributes)
            object_classes = (
                attribute.text for attribute in attributes if folded_name(attribute.name) == _CLASS
            )
            classes[frozenset(map(folded_name, object_classes))] += 1
        except InvalidSyntax as error:
            unreadable = unreadable or InvalidSyntax(f"Line {entry.line}: {error.detail}")
    if unreadable is not None and not names:
        raise unreadable
    return Attributes(frozenset(names), classes)


def _texts_of(attributes: Sequence[LdifAttribute]) -> list[str]:
    return [attribute.text for attribute in attributes]


def _type_in(values: Sequence[str], column: Column) -> str:
    """Return the first word of the column's translation among the values, else the first value."""
    folded_values = {folded_name(value) for value in values}
    words = (word for word, _ in column.translation.pairs if folded_name(word) in folded_values)
    return next(words, values[0])


def compared_name(name: str) -> str:
    """Return a distinguished name as it is compared: RFC 4514 allows many spellings of the same name.

    It is case-folded, without spaces around its parts or needless escapes. Any other text is only case-folded.
    """
    parts = [part if sign else _guarded(part.strip()) for sign, part in _parts(name)]
    return "".join(parts).casefold()


def _parts(name: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a name, unescaped, and the separators between them (flag True)."""
    text = bytearray()
    position = 0
    while position < len(name):
        sign = name[position]
        if sign == "\\" and position + 1 < len(name):
            pair = name[position + 1 : position + 3]
            is_hex = len(pair) == 2 and _HEX.issuperset(pair)
            text += bytes.fromhex(pair) if is_hex else name[position + 1].encode()
            position += 3 if is_hex else 2
            continue
        if sign in ",;+=":
            yield False, text.decode(errors="replace")
            # RFC 4514 section 2.4: LDAP version 2 wrote a semicolon for a comma.
            yield True, "," if sign == ";" else sign
            text.clear()
        else:
            text += sign.encode()
        position += 1
    yield False, text.decode(errors="replace")


def _guarded(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text)
