"""A report of what was refused: the rows as they came, each with the reason behind its last column."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scim.errors import ScimError
from scim.schema.loading import shipped_catalogue
from scim.service.transfer.encoding import text_of
from scim.service.transfer.formats.csv_format import CsvReader
from scim.service.transfer.formats.header import Header, opened
from scim.service.transfer.formats.lines import lines_of
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources

REASON = "reason"
_PIECE = 1 << 20


def write_report(
    report: Path, file: Path, format_: str, mapping: Any, reasons: Mapping[int, str]
) -> None:
    """Write the refused lines of a file, so that they can be mended and imported by themselves."""
    if format_ != "csv":
        _write_lines(report, file, reasons)
        return
    columns = Columns.of_json(mapping)
    reader = CsvReader(Resources(shipped_catalogue()), columns)
    with file.open("rb") as content:
        entries = reader.entries(iter(lambda: content.read(_PIECE), b""))
        first = next(entries, None)
        header = Header.of_opening(reader.opening, columns)
        names = _names(file, columns)
        with report.open("w", encoding="utf-8-sig", newline="") as written:
            writer = csv.writer(written, delimiter=header.delimiter)
            for _ in range(columns.skip_lines):
                written.write("\r\n")
            writer.writerow([*names, REASON])
            while first is not None:
                if first.line in reasons:
                    writer.writerow([*_cells(reader, header, first.content), reasons[first.line]])
                first = next(entries, None)


def _cells(reader: CsvReader, header: Header, content: bytes) -> list[str]:
    try:
        return reader.cells(content)
    except ScimError:
        # What is no row is shown as it stands, in the first column.
        text = text_of(content, header.encoding).rstrip("\r\n")
        return [text, *[""] * (len(header.names) - 1)]


def _names(file: Path, columns: Columns) -> list[str]:
    with file.open("rb") as content:
        return list(opened(iter(lambda: content.read(_PIECE), b""), columns).header.written)


def _write_lines(report: Path, file: Path, reasons: Mapping[int, str]) -> None:
    with file.open("rb") as content, report.open("wb") as written:
        for line in lines_of(iter(lambda: content.read(_PIECE), b"")):
            if line.number in reasons:
                written.write(line.content)
