"""The format of a file, detected from its name and its beginning."""

import json
import re
from pathlib import Path

import click

from scim.errors import ScimError
from scim.service.transfer.signature import require_text

_BY_NAME = {
    ".json": "bulk",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".ldif": "ldif",
    ".ldf": "ldif",
}
_LOOK = 65_536
_LDIF = re.compile(rb"version: *1\s*|dn::? *\S.*", re.IGNORECASE)


def format_named(file: Path) -> str:
    """Return the format by the name of a file; ends the command if the name does not tell."""
    format_ = _BY_NAME.get(file.suffix.lower())
    if format_ is None:
        raise click.UsageError(
            f"Give --format: cannot detect the format of {file.suffix or file.name}."
        )
    return format_


def format_of(file: Path) -> str:
    """Return the format of a file, by its beginning, else by its name.

    Ends the command if the file is not text.
    """
    with file.open("rb") as content:
        beginning = content.read(_LOOK)
    try:
        require_text(beginning)
    except ScimError as error:
        raise click.UsageError(f"{file.name}: {error.detail}") from error
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        is_named = _BY_NAME.get(file.suffix.lower()) == "ndjson"
        return "ndjson" if _is_line(text) or (is_named and not _is_bulk(text)) else "bulk"
    if _is_ldif(text):
        return "ldif"
    format_ = _BY_NAME.get(file.suffix.lower())
    return "csv" if format_ is None else format_


def _is_line(text: bytes) -> bool:
    """Tell whether the first line is a whole object that is not a BulkRequest."""
    try:
        value = json.loads(text.partition(b"\n")[0])
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "operations" not in {name.lower() for name in value}


def _is_bulk(text: bytes) -> bool:
    """Tell whether the beginning of a file names the operations of a BulkRequest."""
    return b'"operations"' in text.lower()


def _is_ldif(text: bytes) -> bool:
    """Tell whether the first line that is not a comment can begin an LDIF file."""
    lines = (line for line in text.splitlines() if line.strip() and line[:1] not in b"# ")
    return _LDIF.fullmatch(next(lines, b"")) is not None
