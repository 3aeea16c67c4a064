"""A file's bytes as text, and back to the same bytes, in the encoding the file was written in."""

import codecs
from collections.abc import Iterator
from typing import Final

from scim.errors import InvalidSyntax, InvalidValue

UTF_8: Final = "utf-8"
MARK_OF_UTF_8: Final = codecs.BOM_UTF8
MARKS_OF_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
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
"""The encodings that a mapping may name, in our spelling."""


def encoding_named(name: str) -> str:
    """Return our spelling of an encoding's name. Raises InvalidValue for an encoding not in TAKEN."""
    try:
        codec_name = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError for NUL
        codec_name = ""
    for encoding in TAKEN:
        if codecs.lookup(encoding).name == codec_name:
            return "utf-16-le" if encoding == "utf-16" else encoding
    raise InvalidValue(f"mapping.encoding: expected one of {', '.join(TAKEN)}.")


def encoding_of(beginning: bytes, named_encoding: str) -> tuple[str, int]:
    """Return a file's encoding and the length of its byte order marks, which override the named one.

    Raises InvalidSyntax for UTF-16 that neither has a mark nor is named.
    """
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            # Programs that put a marked file into another one mark it twice.
            end = len(mark)
            while beginning.startswith(mark, end):
                end += len(mark)
            return encoding, end
    if not named_encoding and (unmarked := _unmarked(beginning)) is not None:
        raise InvalidSyntax(
            f"The file is {unmarked} without a byte order mark;"
            f" mapping.encoding can name it: {unmarked}."
        )
    return named_encoding or UTF_8, 0


def _unmarked(beginning: bytes) -> str | None:
    """Return the encoding of ASCII text with a zero byte beside each character, None for other text."""
    first, second, third, fourth = beginning[:4] if len(beginning) > 3 else b"----"
    if first and third and not second and not fourth:
        return "utf-16-le"
    return "utf-16-be" if second and fourth and not first and not third else None


def text_pieces(pieces: Iterator[bytes], encoding: str) -> Iterator[str]:
    """Yield the text of the pieces; `bytes_of` turns undecodable bytes back into the same bytes.

    Raises InvalidSyntax where the file ends within a character.
    """
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    try:
        for piece in pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise InvalidSyntax(f"The file ends within a character of {encoding}.") from error


def text_of(content: bytes, encoding: str) -> str:
    """Return the text of bytes that end with a whole character."""
    return content.decode(encoding, _errors(encoding))


def bytes_of(text: str, encoding: str) -> bytes:
    """Return the bytes that the text was decoded from."""
    return text.encode(encoding, _errors(encoding))


def is_text(text: str) -> bool:
    """Tell whether all bytes of a decoded text were valid in its encoding."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _errors(encoding: str) -> str:
    return "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
