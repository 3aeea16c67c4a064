"""Files that are no text, known by their first bytes: what they are, and what to save instead."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from scim.errors import InvalidSyntax
from scim.service.transfer.encoding import MARK_OF_UTF_8

_SHEET: Final = "save the sheet as CSV UTF-8"
_UNPACK: Final = "unpack it first"
_KINDS: Final = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", f"{_UNPACK}, or {_SHEET}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", _SHEET),
    (b"\x1f\x8b", "compressed (gzip)", _UNPACK),
    (b"BZh", "compressed (bzip2)", _UNPACK),
    (b"\xfd7zXZ\x00", "compressed (xz)", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"%PDF-", "a PDF document", "export it as CSV"),
    (b"{\\rtf", "a document in RTF", "save it as plain text"),
)
_PAGES: Final = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style")
_ZEROS: Final = b"\x00\x00\x00"
"""No text has them, in any encoding that is read: in UTF-16 they include U+0000."""
_LONGEST: Final = 512


def require_text(beginning: bytes) -> None:
    """Raise InvalidSyntax for a file that begins as an archive, a workbook, a page or other binary data does."""
    for signature, kind, cure in _KINDS:
        if beginning.startswith(signature):
            raise InvalidSyntax(f"The file is {kind}; {cure}.")
    text = beginning[:_LONGEST].removeprefix(MARK_OF_UTF_8).lstrip().lower()
    if text.startswith(_PAGES):
        raise InvalidSyntax(
            f"The file is HTML or XML, as some programs write under the name of Excel; {_SHEET}."
        )
    if _ZEROS in beginning[:_LONGEST]:
        raise InvalidSyntax("The file is binary data, not text; expected text in UTF-8.")


def text_only(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Return the pieces of a file, the first of them looked at. Raises what `require_text` raises."""
    first = next(pieces, b"")
    require_text(first)
    return chain([first], pieces)
