"""A file's bytes as text, and back to the same bytes: what a program wrote decides, not what we like."""

import codecs
from collections.abc import Iterator
from typing import Final

from scim.errors import InvalidSyntax, InvalidValue

UTF_8: Final = "utf-8"
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
TAKEN: Final = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "mac-roman",
)
"""The encodings that a mapping may name, as we spell them."""


def encoding_named(name: str) -> str:
    """Return how we spell the encoding of that name; raises InvalidValue."""
    try:
        wanted = codecs.lookup(name).name
    except LookupError:
        wanted = ""
    for each in TAKEN:
        if codecs.lookup(each).name == wanted:
            return "utf-16-le" if each == "utf-16" else each
    raise InvalidValue(f"mapping.encoding: expected one of {', '.join(TAKEN)}.")


def encoding_of(beginning: bytes, named: str) -> tuple[str, int]:
    """Return the encoding of a file, and how many bytes tell it; a byte order mark tells best."""
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            return encoding, len(mark)
    return named or UTF_8, 0


def text_pieces(pieces: Iterator[bytes], encoding: str) -> Iterator[str]:
    """Yield the text of pieces; what is no text comes back as the same bytes from `bytes_of`."""
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    try:
        for piece in pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise InvalidSyntax(f"The file ends within a character of {encoding}.") from error


def text_of(content: bytes, encoding: str) -> str:
    """Return the text of some bytes, which are whole characters."""
    return content.decode(encoding, _errors(encoding))


def bytes_of(text: str, encoding: str) -> bytes:
    """Return the bytes that the text was."""
    return text.encode(encoding, _errors(encoding))


def is_text(text: str) -> bool:
    """Tell whether all of it was text in the encoding it was read in."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _errors(encoding: str) -> str:
    return "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
