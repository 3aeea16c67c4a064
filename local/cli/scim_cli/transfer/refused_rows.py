"""A report of the refused rows, unchanged and each with the reason, for correction and another import.

The reason is in a place that an import ignores: in CSV an additional last column, in NDJSON
`meta.reason`, in a BulkRequest a member of the operation, in LDIF a comment.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from scim.errors import ScimError
from scim.profile.shipped import shipped
from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.bulk_ids import PREFIX, bulk_id_in, with_ids
from scim.service.transfer.encoding import UTF_8, is_text, text_of
from scim.service.transfer.formats.bulk_format import BulkReader
from scim.service.transfer.formats.csv_format import CsvReader, row_text
from scim.service.transfer.formats.header import Header, opened
from scim.service.transfer.formats.ldif_records import ldif_records_of
from scim.service.transfer.formats.lines import lines_of, object_in
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources
from scim.service.transfer.references import References

REASON: Final = "reason"
_PIECE: Final = 1 << 20


class Entry(NamedTuple):
    """The result of an operation: its line in the file, and why it was refused, if it was."""

    line: int
    method: str = ""
    bulk_id: str = ""
    reason: str = ""
    new_id: str = ""
    """The id of its resource, if the operation was done."""


def write_report(
    report: Path, file: Path, format_: str, mapping: Any, entries: Sequence[Entry]
) -> None:
    """Write the refused rows of a file; the entries are in the order of the file.

    Only its owner can read a new report: its rows may contain passwords.
    """
    if not report.exists():
        report.touch(mode=0o600)
    reasons = {entry.line: entry.reason for entry in entries if entry.reason}
    new_ids = {entry.bulk_id: entry.new_id for entry in entries if entry.bulk_id and entry.new_id}
    ids = {} if mapping else new_ids  # other keys than ids are found in the directory as they are
    write = {
        "csv": lambda: _write_rows(report, file, Columns.of_json(mapping), reasons),
        "ldif": lambda: _write_records(report, file, reasons),
        "ndjson": lambda: _write_lines(report, file, reasons, ids),
        "bulk": lambda: _write_operations(report, file, entries, new_ids),
    }
    write[format_]()


def _write_rows(report: Path, file: Path, columns: Columns, reasons: Mapping[int, str]) -> None:
    reader = CsvReader(Resources(shipped_catalogue()), columns)
    with file.open("rb") as content:
        entries = reader.entries(_pieces(content))
        first = next(entries, None)
        header = Header.of_opening(reader.opening, columns)
        names = _names(file, columns)
        # Bytes in another encoding are written as they came: without a mark, which would say what they are not.
        is_raw = header.encoding == UTF_8 and not _are_text(file, columns, reasons)
        encoding, errors = ("utf-8", "surrogateescape") if is_raw else ("utf-8-sig", "replace")
        with report.open("w", encoding=encoding, errors=errors, newline="") as output:
            for _ in range(columns.skip_lines):
                output.write("\r\n")
            output.write(row_text([*names, REASON], header.delimiter))
            for entry in () if first is None else chain([first], entries):
                if entry.line in reasons:
                    cells = _cells(reader, header, entry.content)
                    output.write(row_text([*cells, reasons[entry.line]], header.delimiter))


def _are_text(file: Path, columns: Columns, reasons: Mapping[int, str]) -> bool:
    """Tell whether all refused rows of a file are in the encoding that it has."""
    reader = CsvReader(Resources(shipped_catalogue()), columns)
    with file.open("rb") as content:
        return all(
            is_text(text_of(entry.content, Header.of_opening(reader.opening, columns).encoding))
            for entry in reader.entries(_pieces(content))
            if entry.line in reasons
        )


def _cells(reader: CsvReader, header: Header, content: bytes) -> list[str]:
    try:
        return reader.cells(content)
    except ScimError:
        # What is no row is shown as it stands, in the first column.
        text = text_of(content, header.encoding).rstrip("\r\n")
        return [text, *[""] * (len(header.names) - 1)]


def _names(file: Path, columns: Columns) -> list[str]:
    with file.open("rb") as content:
        return list(opened(_pieces(content), columns).header.written)


def _write_records(report: Path, file: Path, reasons: Mapping[int, str]) -> None:
    with file.open("rb") as content, report.open("wb") as output:
        for record in ldif_records_of(_pieces(content)):
            if record.line in reasons:
                reason = " ".join(reasons[record.line].split())
                output.write(f"# {reason}\n".encode() + record.content.rstrip(b"\r\n") + b"\n\n")


def _write_lines(
    report: Path, file: Path, reasons: Mapping[int, str], new_ids: Mapping[str, str]
) -> None:
    with file.open("rb") as content, report.open("wb") as output:
        for line in lines_of(_pieces(content)):
            if line.number in reasons:
                _write_json(output, _with_reason(line.content, reasons[line.number], new_ids))


def _with_reason(content: bytes, reason: str, new_ids: Mapping[str, str]) -> dict[str, object]:
    """Return a resource with the reason; for a line that is not JSON, its text."""
    try:
        resource = object_in(content)
    except ScimError:
        return {"meta": {REASON: reason, "sent": content.decode(errors="replace").rstrip("\r\n")}}
    linked = _linked(resource, new_ids)
    # `Meta` is read as `meta`, and a line with both would be refused.
    metas = [linked.pop(name) for name in resource if name.lower() == "meta"]
    members = metas[0] if metas and isinstance(metas[0], Mapping) else {}
    return {**linked, "meta": {**members, REASON: reason}}


def _linked(resource: Mapping[str, object], new_ids: Mapping[str, str]) -> dict[str, object]:
    """Return a resource that refers to others by the ids they got when they were created.

    Their lines are not in the report, so an import of it could not resolve their ids in the file.
    """
    catalogue = shipped_catalogue()
    try:
        type_ = Resources(catalogue).type_of(resource)
    except ScimError:
        return dict(resource)
    linked = References.of(type_, catalogue).renamed(resource, new_ids.get)
    new_id = new_ids.get(str(resource.get("id")))
    return linked if new_id is None else {**linked, "id": new_id}


def _write_operations(
    report: Path, file: Path, entries: Iterable[Entry], new_ids: Mapping[str, str]
) -> None:
    remaining = iter(entries)
    entry = next(remaining, None)
    separator = f'{{"schemas":["{BULK_REQUEST_URN}"],"Operations":[\n'.encode()
    with file.open("rb") as content, report.open("wb") as output:
        for operation in BulkReader(shipped(""), shipped_catalogue()).entries(_pieces(content)):
            members = _sent(operation.content)
            # Entries and operations are in one order; an operation that was never begun has none.
            if entry is None or not _is_about(entry, operation.line, members):
                continue
            if entry.reason:
                output.write(separator)
                _write_json(output, {**_resolved(members, new_ids), REASON: entry.reason}, end=b"")
                separator = b",\n"
            entry = next(remaining, None)
        output.write(b"\n]}\n")


def _sent(content: bytes) -> Mapping[str, object]:
    try:
        return object_in(content)
    except ScimError:
        return {"sent": content.decode(errors="replace")}


def _resolved(members: Mapping[str, object], new_ids: Mapping[str, str]) -> dict[str, object]:
    """Return an operation with ids in place of the bulkIds of operations that were done."""

    def named(bulk_id: str) -> str:
        return new_ids.get(bulk_id, f"{PREFIX}{bulk_id}")

    return {
        name: _with_id(value, named)
        if name.lower() == "path" and isinstance(value, str)
        else with_ids({name: value}, named)[name]
        for name, value in members.items()
    }


def _with_id(path: str, named: Callable[[str], str]) -> str:
    """Return the path of an operation, which can end in a bulkId."""
    endpoint, slash, last_segment = path.rpartition("/")
    bulk_id = bulk_id_in(last_segment)
    return path if bulk_id is None else f"{endpoint}{slash}{named(bulk_id)}"


def _is_about(entry: Entry, line: int, operation: Mapping[str, object]) -> bool:
    members = {name.lower(): value for name, value in operation.items()}
    method, bulk_id = str(members.get("method", "")).upper(), members.get("bulkid") or ""
    return entry.line == line and entry.bulk_id == bulk_id and entry.method in {"", method}


def _write_json(output: BinaryIO, value: object, end: bytes = b"\n") -> None:
    output.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + end)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    while piece := content.read(_PIECE):
        yield piece
