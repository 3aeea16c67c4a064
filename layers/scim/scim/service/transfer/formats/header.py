"""The header of a CSV file: its encoding, its delimiter and the names of its columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Self

from scim.errors import InvalidSyntax, InvalidValue
from scim.service.transfer.encoding import (
    UTF_8,
    bytes_of,
    encoding_of,
    is_text,
    text_of,
    text_pieces,
)
from scim.service.transfer.formats.lines import MOST_BYTES
from scim.service.transfer.formats.records import CsvRecord, cells_of, is_blank, records_of
from scim.service.transfer.mapping import Columns
from scim.service.transfer.words import folded_name

_SEPARATOR: Final = re.compile(r'\ufeff?"?sep=(?P<sign>.)"?\s*', re.IGNORECASE)
_SIGNS: Final = (",", ";", "\t", "|")
_SHOWN: Final = 40
_MARKED: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Header:
    """How a file is written; `names` are the folded names of its columns, in order.

    `written` are the names as the file has them; `line` is where they are.
    """

    encoding: str
    delimiter: str
    names: tuple[str, ...]
    line: int = 1
    written: tuple[str, ...] = ()

    @property
    def opening(self) -> tuple[str, ...]:
        """Return what is needed to read the rows: encoding, delimiter and names."""
        return (_MARKED + self.encoding, self.delimiter, *self.names)

    @classmethod
    def of_opening(cls, opening: tuple[str, ...], columns: Columns) -> Self:
        """Return the header that an `opening` describes."""
        if not opening[:1] or not opening[0].startswith(_MARKED):
            # The job was begun by a release that kept only the names.
            return cls(UTF_8, columns.delimiter or ",", tuple(map(folded_name, opening)))
        return cls(opening[0].removeprefix(_MARKED), opening[1], opening[2:])


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file whose header was read; `text` is its whole text, from its byte `start` on."""

    header: Header
    start: int
    text: Iterator[str]


def opened(pieces: Iterator[bytes], columns: Columns) -> OpenedFile:
    """Return the file with the header found at its beginning.

    Raises InvalidSyntax for a file without a row or in another encoding, InvalidValue where a mapped
    column is missing or occurs twice.
    """
    head = b""
    while len(head) < columns.header_bytes and (piece := next(pieces, None)) is not None:
        head += piece
    encoding, start = encoding_of(head, columns.encoding)
    head, searched = _whole_lines(head, pieces, encoding, columns.header_bytes)
    end_of_lines = searched - (searched - start) % (2 if encoding.startswith("utf-16") else 1)
    header = _header(text_of(head[start:end_of_lines], encoding), encoding, columns)
    return OpenedFile(header, start, text_pieces(chain([head[start:]], pieces), encoding))


def _whole_lines(
    head: bytes, pieces: Iterator[bytes], encoding: str, limit: int
) -> tuple[bytes, int]:
    """Return the head, read on, and the end of its line that goes beyond `limit` bytes, MOST_BYTES at most."""
    ends = [bytes_of(sign, encoding) for sign in "\r\n"]
    size = len(ends[0])
    searched = limit - size
    while limit <= len(head) <= MOST_BYTES:
        positions = [
            position for line_end in ends if (position := head.find(line_end, searched)) >= 0
        ]
        if positions:
            return head, min(positions) + size
        searched = len(head) - size
        piece = next(pieces, b"")
        if not piece:
            break
        head += piece
    return head, len(head)


def _header(text: str, encoding: str, columns: Columns) -> Header:
    signs = [columns.delimiter] if columns.delimiter else list(_SIGNS)
    declared = _SEPARATOR.match(text)
    if declared is not None and not columns.delimiter and text[declared.end() - 1] in "\r\n":
        signs = [declared["sign"]]
    best: Header | None = None
    for sign in signs:
        for candidate in _candidates(text, encoding, sign, columns):
            if best is None or columns.known(candidate.names) > columns.known(best.names):
                best = candidate
    if best is None:
        raise InvalidSyntax("The file is empty; its first row must name the columns.")
    _require_columns(best, columns)
    return best


def _candidates(text: str, encoding: str, sign: str, columns: Columns) -> Iterator[Header]:
    """Yield the rows that may name the columns: the first `header_rows`, or the one after skipped lines."""
    later_records = (
        record for record in records_of(iter([text]), sign) if record.line > columns.skip_lines
    )
    rows = (record for record in later_records if not is_blank(record.text, sign))
    for record in islice(rows, 1 if columns.skip_lines else columns.header_rows):
        written = _written(record, sign)
        if written is not None and not _SEPARATOR.fullmatch(record.text):
            names = tuple(map(columns.named, written))
            yield Header(encoding, sign, names, record.line, written)


def _written(record: CsvRecord, sign: str) -> tuple[str, ...] | None:
    try:
        return tuple(cells_of(record.text, sign))
    except InvalidSyntax:
        return None


def _require_columns(header: Header, columns: Columns) -> None:
    place = f"Line {header.line}"
    column_names = (
        ", ".join(filter(None, header.names[:_SHOWN])) if is_text("".join(header.names)) else ""
    )
    is_header = columns.known(header.names) > 0
    if not is_header and not column_names:
        raise InvalidSyntax(
            f"{place}: This is not valid {header.encoding.upper()}; mapping.encoding can name"
            " another encoding, such as windows-1252."
        )
    if missing := _missing(columns.required, header.names):
        names = ", ".join(missing)
        if not is_header:
            # It may be about a person, and the job's error is shown to others too.
            raise InvalidValue(
                f"{place}: no cell names a column of the mapping; expected {names}."
                " Does the file begin with the names of its columns? Is the delimiter right?"
            )
        raise InvalidValue(
            f"{place}: no column is named {names}, which the mapping asks for; found: {column_names}."
            " Is the delimiter right? A column that may be missing has optional: true."
        )
    for name in columns.names:
        if header.names.count(name) > 1:
            raise InvalidValue(f"{place}: two columns have the same name, {name}.")


def _missing(required: Sequence[str], names: Sequence[str]) -> list[str]:
    return [name for name in required if folded_name(name) not in names]
