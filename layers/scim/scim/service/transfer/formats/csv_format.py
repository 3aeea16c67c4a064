"""Resources as rows of a CSV file (RFC 4180), according to a mapping of its columns."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from io import StringIO
from typing import Final

from scim.errors import InvalidSyntax, ScimError
from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import BulkOperation
from scim.service.transfer.encoding import UTF_8, bytes_of, is_text, text_of
from scim.service.transfer.formats.header import Header, opened
from scim.service.transfer.formats.records import SPACES, cells_of, is_blank, records_of
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import ResourceReader, Resources, refused
from scim.service.transfer.port import FileEntry
from scim.service.transfer.row import resource_of
from scim.service.transfer.words import folded_name

_DIGITS: Final = r"\+?[0-9][0-9 ./-]*"
_GUARDED: Final = re.compile(
    rf"""="(?P<digits>{_DIGITS})"|'(?P<text>[=+\-@|%].*?|{_DIGITS})'?|X'(?P<bytes>(?:[0-9a-f]{{2}})+)'|\\N""",
    re.DOTALL,
)
"""Cells that stand for others: digits that spreadsheets shall keep (`="00123"`), these and cells that begin as formulas
do, behind an apostrophe or between two (`'00123`, `'+1 555'`), and the bytes of a text, as csvde writes it without -u
if it is not ASCII (`X'4ac3b67267'`). `\\N` is how databases write that there is no value."""


_EDGES: Final = f"{SPACES}\r\n"
_RULE: Final = re.compile(r"[-=:]+")
_OF_RULES: Final = re.compile(r"[-=:+|,;\s]+")
"""A row of lines below the names of the columns, as sqlcmd, psql and Markdown have it."""


@dataclass(slots=True)
class CsvReader(ResourceReader):
    """Reads one file; `opening` is what its beginning says about all rows."""

    resources: Resources
    mapping: Columns
    opening: tuple[str, ...] = ()

    continues = True

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the rows after the one that names the columns, without those that repeat or underline it."""
        file = opened(pieces, self.mapping)
        header, start = file.header, file.start
        self.opening = header.opening
        names = ""
        for line, text in records_of(file.text, header.delimiter):
            content = bytes_of(text, header.encoding)
            if line == header.line:
                names = text.strip(_EDGES)
            elif line > header.line and not is_blank(text, header.delimiter):
                # Files that were joined have the names of the columns several times.
                is_header = text.strip(_EDGES) == names and len(header.names) > 1
                if not is_header and (line > header.line + 1 or not _is_rule(text, header)):
                    yield FileEntry(line, start, content)
            start += len(content)

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return the operation of a row; an error in it becomes its `fault`."""
        try:
            return self.resources.operation(self._resource(content), position, line)
        except ScimError as error:
            return refused(position, line, error)

    def cells(self, content: bytes) -> list[str]:
        """Return the cells of a row, as many as there are columns.

        Raises InvalidSyntax for a malformed row and for text after the last column.
        """
        header = Header.of_opening(self.opening, self.mapping)
        cells = cells_of(text_of(content, header.encoding), header.delimiter)
        number = len(header.names)
        if any(cell.strip() for cell in cells[number:]):
            raise InvalidSyntax(
                f"The row has {len(cells)} cells; the first row names {number} columns."
            )
        return cells[:number] + [""] * (number - len(cells))

    def _resource(self, content: bytes) -> dict[str, object]:
        header = Header.of_opening(self.opening, self.mapping)
        mapped_names = self.mapping.names
        cells_by_column: dict[str, str] = {}
        for name, text in zip(header.names, self.cells(content), strict=True):
            if not text.strip() or name not in mapped_names:
                continue
            if not is_text(text):
                raise InvalidSyntax(
                    f"Column {self.mapping.written(name)}: This is not valid {header.encoding.upper()};"
                    " mapping.encoding can name another encoding, such as windows-1252."
                )
            if meant := _meant(text):
                cells_by_column[name] = meant
        cells = [
            (column, cells_by_column[name])
            for column in self.mapping.columns
            if (name := folded_name(column.name)) in cells_by_column
        ]
        return resource_of(cells, cells_by_column, self.mapping, self.resources)


def _is_rule(text: str, header: Header) -> bool:
    """Tell whether a row has nothing but a line below each of several names."""
    number = len(list(filter(None, header.names)))
    return (
        number > 1 and _OF_RULES.fullmatch(text) is not None and len(_RULE.findall(text)) == number
    )


def _meant(text: str) -> str:
    """Return the text that a cell stands for; bytes that are not UTF-8 stay as they are written."""
    match = _GUARDED.fullmatch(text.strip())
    if match is None:
        return text
    if match["bytes"] is None:
        return match["digits"] or match["text"] or ""
    try:
        return bytes.fromhex(match["bytes"]).decode()
    except UnicodeDecodeError:
        return text


def _guarded(text: str) -> str:
    """Return a cell from which `_meant` returns the text: one that would stand for another is written as its bytes."""
    return text if _GUARDED.fullmatch(text.strip()) is None else f"X'{text.encode().hex()}'"


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """Writes resources as rows; attributes without a column are left out."""

    mapping: Columns

    between = b""

    def beginning(self) -> bytes:
        """Return the row that names the columns, at the place where this mapping expects it."""
        names = dict.fromkeys(column.name for column in self.mapping.columns)
        # Always UTF-8; the mark overrides another encoding in the mapping.
        mark = "\ufeff" if self.mapping.encoding not in {"", UTF_8} else ""
        return (mark + "\r\n" * self.mapping.skip_lines).encode() + self._row(names)

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],  # noqa: ARG002 - as the port
    ) -> bytes:
        """Return the row of a resource."""
        resource_with_id = {**resource, "id": id_}
        cells: dict[str, str] = {}
        for column in self.mapping.columns:
            # A column may map to several attributes: the first with a value fills the cell.
            cells[column.name] = cells.get(column.name) or column.cell(
                resource_with_id, resource_type
            )
        return self._row(map(_guarded, cells.values()))

    def more(
        self,
        resource_type: ResourceType,
        id_: str,
        attribute: str,
        values: list[dict[str, object]],
        known: AbstractSet[str],
    ) -> bytes:
        """Return a row with only these values; empty where they have no column."""
        names = {column.path.partition(".")[0].lower() for column in self.mapping.columns}
        if attribute.lower() not in names:
            return b""
        return self.first(resource_type, id_, {attribute: values}, known)

    def end(self) -> bytes:
        """Return nothing: the file has only rows."""
        return b""

    def _row(self, cells: Iterable[str]) -> bytes:
        return row_text(cells, self.mapping.delimiter or ",").encode()


def row_text(cells: Iterable[str], delimiter: str) -> str:
    """Return a row with its line end, from which `cells_of` returns the cells."""
    row = list(cells)
    # Spaces around a cell are part of it only if it is quoted.
    has_spaces = any(cell != cell.strip(SPACES) for cell in row)
    written = StringIO()
    csv.writer(
        written,
        delimiter=delimiter,
        lineterminator="\r\n",
        quoting=csv.QUOTE_ALL if has_spaces else csv.QUOTE_MINIMAL,
    ).writerow(row)
    return written.getvalue()
