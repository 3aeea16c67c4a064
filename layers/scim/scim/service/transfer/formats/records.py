"""The records of a CSV file (RFC 4180): where each begins and ends, even where its quoting is broken.

A quotation mark opens a quoted cell only at the beginning of a cell, after optional spaces; elsewhere it
is an ordinary character. A quoted cell whose closing mark is not followed by the end of the cell counts as
unclosed: if it spans lines, the record ends with the line of its opening mark and the next record begins
after that line. So each byte is looked at twice at most.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from scim.errors import InvalidSyntax, PayloadTooLarge
from scim.service.transfer.formats.lines import MOST_BYTES

# All members of a group are one cell; a row longer than MOST_BYTES is refused before csv reads it.
csv.field_size_limit(MOST_BYTES)

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_INVISIBLE: Final = "\u200b\u200e\u200f\u202a\u202c\u2060\ufeff"
"""Signs without a width that copying and joining files leave at the ends of cells, such as a byte order mark."""
SPACES: Final = f" \t\xa0\u2002\u2003\u2007\u2009\u202f\u3000{_INVISIBLE}"
_BEHIND: Final = "\x1a"
"""The end-of-file character of DOS."""


class CsvRecord(NamedTuple):
    """A record with its line end, and the line in which it begins, from 1."""

    line: int
    text: str


def records_of(
    pieces: Iterator[str], delimiter: str, limit: int = MOST_BYTES
) -> Iterator[CsvRecord]:
    """Yield the records of a text that arrives in pieces. Raises PayloadTooLarge for a long record."""
    scan = _scan_of(delimiter)
    text, line = "", 1
    is_last = False
    while not is_last:
        # Read as much again as is left over, so that rescanning stays in proportion.
        new_pieces: list[str] = []
        missing = len(text)
        while not new_pieces or missing > 0:
            piece = next(pieces, None)
            if piece is None:
                is_last = True
                break
            new_pieces.append(piece)
            missing -= len(piece)
        text += "".join(new_pieces)
        position = 0
        while position < len(text):
            end = scan.end(text, position, is_last=is_last or len(text) - position > limit)
            if end is None:
                break
            record = text[position:end]
            if len(record) > limit:
                raise PayloadTooLarge(f"Line {line}: longer than {limit} characters.")
            yield CsvRecord(line, record)
            line += len(_LINE_END.findall(record)) if '"' in record else 1
            position = end
        text = text[position:]


def cells_of(text: str, delimiter: str) -> list[str]:
    """Return the cells of a record, without spaces around those that are not quoted.

    Raises InvalidSyntax naming the cell where a quoted cell is not properly closed.
    """
    is_plain = '"' not in text
    tidy = text if is_plain else _scan_of(delimiter).tidy(text)
    try:
        rows = list(csv.reader([tidy.rstrip(_BEHIND)], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InvalidSyntax(f"This is not a row of a CSV file: {error}.") from error
    cells = rows[0] if rows else []
    return [cell.strip(SPACES) for cell in cells] if is_plain else cells


def is_blank(text: str, delimiter: str) -> bool:
    """Tell whether a record has nothing but delimiters, spaces and empty quoted cells."""
    if text.strip(f'{SPACES}\r\n{_BEHIND}"{delimiter}'):
        return False
    try:
        return not any(cell.strip().strip(_BEHIND) for cell in cells_of(text, delimiter))
    except InvalidSyntax:
        return False


@lru_cache(maxsize=16)
def _scan_of(delimiter: str) -> "_Scan":
    spaces = "".join(character for character in SPACES if character != delimiter)
    sign = re.escape(delimiter)
    return _Scan(
        re.compile(f'[{spaces}]*"'),
        re.compile(f"[{spaces}{_BEHIND}]*"),
        re.compile(f"{sign}|\r|\n"),
        delimiter,
    )


@dataclass(frozen=True, slots=True)
class _Scan:
    opening: re.Pattern[str]
    spaces: re.Pattern[str]
    stop: re.Pattern[str]
    delimiter: str

    def end(self, text: str, position: int, *, is_last: bool) -> int | None:
        """Return where the record at a place ends, None where that needs more of the text."""
        end = _line_end(text, position, is_last=is_last)
        if end is None or text.find('"', position, end) < 0:
            return end
        while True:
            opened = self.opening.match(text, position)
            if opened is not None:
                close = _closed(text, opened.end())
                behind = len(text) if close is None else self._behind(text, close)
                if behind == len(text) and not is_last:
                    return None
                is_sound = close is not None and self._is_end(text, behind)
                if not is_sound and _has_line_end(text, opened.end(), close):
                    return _line_end(text, opened.start(), is_last=is_last)
                position = behind if is_sound else close or opened.end()
            stop = self.stop.search(text, position)
            if stop is None:
                return len(text) if is_last else None
            if stop[0] != self.delimiter:
                return _line_end(text, stop.start(), is_last=is_last)
            position = stop.end()

    def tidy(self, text: str) -> str:
        """Return a record without spaces between cells, quoted or not, and delimiters. Raises InvalidSyntax."""
        parts: list[str] = []
        position, number = 0, 1
        while True:
            opened = self.opening.match(text, position)
            if opened is not None:
                close = _closed(text, opened.end())
                if close is None:
                    raise InvalidSyntax(f"Cell {number}: its quotation mark is not closed.")
                behind = self._behind(text, close)
                if not self._is_end(text, behind):
                    raise InvalidSyntax(
                        f"Cell {number}: expected {self.delimiter!r} or the end of the row behind"
                        ' the quotation mark that closes it; "" is a quotation mark inside.'
                    )
                parts.append(text[opened.end() - 1 : close])
                position = behind
            stop = self.stop.search(text, position)
            end = len(text) if stop is None else stop.start()
            parts.append(text[position:end].strip(SPACES))
            if stop is None or stop[0] != self.delimiter:
                return "".join(parts)
            parts.append(self.delimiter)
            position, number = stop.end(), number + 1

    def _behind(self, text: str, close: int) -> int:
        spaces = self.spaces.match(text, close)
        return close if spaces is None else spaces.end()

    def _is_end(self, text: str, position: int) -> bool:
        return position == len(text) or text[position] in f"\r\n{self.delimiter}"


def _closed(text: str, position: int) -> int | None:
    """Return the place after the mark that closes a quoted cell, None if the text has none."""
    while (quote := text.find('"', position)) >= 0:
        if not text.startswith('""', quote):
            return quote + 1
        position = quote + 2
    return None


def _has_line_end(text: str, start: int, close: int | None) -> bool:
    return _LINE_END.search(text, start, len(text) if close is None else close) is not None


def _line_end(text: str, position: int, *, is_last: bool) -> int | None:
    line_end = _LINE_END.search(text, position)
    if line_end is None:
        return len(text) if is_last else None
    # A CR at the end of the text so far may be half of a CRLF.
    is_half = line_end[0] == "\r" and line_end.end() == len(text) and not is_last
    return None if is_half else line_end.end()
