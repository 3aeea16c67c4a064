"""The records of an LDIF file (RFC 2849): where each begins and ends, and the attributes in it."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scim.errors import InvalidSyntax
from scim.service.transfer.encoding import MARK_OF_UTF_8, MARKS_OF_UTF_16
from scim.service.transfer.formats.lines import Line, lines_of, require_short
from scim.service.transfer.port import FileEntry

DN: Final = "dn"
CHANGE: Final = "changetype"
CONTROL: Final = "control"
_VERSION: Final = re.compile(rb"version:[ ]*(?P<number>[^\r\n]*)", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    rb"(?P<name>(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)(?:;[A-Za-z0-9=*-]+)*)"
    rb":(?P<kind>[:<]?)[ ]*(?P<value>.*)",
    re.DOTALL,
)
_DN: Final = re.compile(rb"dn:", re.IGNORECASE)
_END: Final = re.compile(rb"(search: *[0-9]+|ref: *ldaps?://.*)[\r\n]*", re.IGNORECASE)
_PARTIAL: Final = re.compile(
    rb"search:.*\n(?P<result>result: *[1-9][^\r\n]*)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class LdifAttribute:
    """An attribute with its options and one of its values; None for a value given by URL.

    `is_encoded` says whether the file has the value in base64.
    """

    name: str
    value: bytes | None
    is_encoded: bool = False

    @property
    def text(self) -> str:
        """Return the value as text. Raises InvalidSyntax naming the attribute."""
        if self.value is None:
            raise InvalidSyntax(f"{self.name}: values at a URL are not fetched.")
        try:
            return self.value.decode()
        except UnicodeDecodeError as error:
            raise InvalidSyntax(f"{self.name}: This is not valid UTF-8.") from error

    @property
    def binary(self) -> str:
        """Return the value as a binary attribute has it: bytes in base64, and a text as it is. Raises InvalidSyntax."""
        if self.value is None or not self.is_encoded:
            return self.text
        return base64.b64encode(self.value).decode()


def ldif_records_of(pieces: Iterator[bytes]) -> Iterator[FileEntry]:
    """Yield the records of a file, without the version line and the comments before each record.

    A record ends before an empty line, and before another `dn:`: people also separate records by lines of spaces.

    What ldapsearch writes behind the entries it found (`search:`, `ref:`) is passed over, unless it says
    that it did not find all.

    Raises InvalidSyntax for a file that is not LDIF version 1, PayloadTooLarge for a long record.
    """
    record: list[Line] = []
    is_first, is_comment = True, False
    for line in _readable(pieces):
        content = line.content
        is_comment = content.startswith(b"#") or (is_comment and content.startswith(b" "))
        if record and _ends_before(content, record):
            yield from _entries(record)
            record = []
        if not record and (is_comment or not content.strip()):
            continue
        if not (is_first and _is_version(line)):
            record.append(line)
            require_short(line.start + len(content) - record[0].start, record[0].number)
        is_first = False
    if record:
        yield from _entries(record)


def attributes_of(content: bytes, line: int) -> list[LdifAttribute]:
    """Return the attributes of a record, its dn first.

    Raises InvalidSyntax, also for a record that changes an entry instead of describing one.
    """
    attributes: list[LdifAttribute] = []
    if (partial := _PARTIAL.match(content)) is not None:
        result = partial["result"].decode(errors="replace")
        raise InvalidSyntax(f"{result}: the search did not return all entries.")
    for number, text in _unfolded(content, line):
        attribute = _attribute(number, text)
        name = attribute.name.lower()
        if not attributes and name != DN:
            raise InvalidSyntax("expected dn: in the first line of a record.")
        if len(attributes) == 1 and name in {CHANGE, CONTROL}:
            _require_added(attribute)
        else:
            attributes.append(attribute)
    if not attributes:
        raise InvalidSyntax("expected dn: in the first line of a record.")
    return attributes


def _require_added(change: LdifAttribute) -> None:
    """Raise InvalidSyntax for a changetype other than `add`, which describes a whole entry."""
    # ldifde writes every entry with changetype: add.
    if change.name.lower() == CHANGE and change.text.strip().lower() != "add":
        raise InvalidSyntax(
            f"changetype: {change.text.strip()} is a change; expected plain entries."
        )


def _readable(pieces: Iterator[bytes]) -> Iterator[Line]:
    """Yield the lines, the first without a byte order mark.

    Raises InvalidSyntax for UTF-16 and for lines that end with CR.
    """
    for line in lines_of(pieces):
        if line.number == 1 and line.content.startswith(MARKS_OF_UTF_16):
            raise InvalidSyntax("Line 1: this is UTF-16; an LDIF file is UTF-8 (RFC 2849).")
        if line.number == 1 and b"\r" in line.content.rstrip(b"\r\n"):
            raise InvalidSyntax("Line 1: the lines end with CR; expected LF or CRLF (RFC 2849).")
        if line.number == 1 and line.content.startswith(MARK_OF_UTF_8):
            yield Line(1, len(MARK_OF_UTF_8), line.content.removeprefix(MARK_OF_UTF_8))
        else:
            yield line


def _is_version(line: Line) -> bool:
    """Tell whether a line names the version of LDIF. Raises InvalidSyntax for another than 1."""
    version = _VERSION.match(line.content)
    if version is not None and version["number"].strip() != b"1":
        raise InvalidSyntax(f"Line {line.number}: expected version: 1 (RFC 2849).")
    return version is not None


def _ends_before(content: bytes, record: Sequence[Line]) -> bool:
    """Tell whether a record ends before a line: an empty one, or a `dn:` where it has its own."""
    if not content.strip(b"\r\n"):
        return True
    return _DN.match(content) is not None and _DN.match(record[0].content) is not None


def _entries(record: Sequence[Line]) -> Iterator[FileEntry]:
    """Yield the entry in a record, none in what ldapsearch writes behind the entries that it found."""
    last = max(number for number, line in enumerate(record) if line.content.strip())
    content = b"".join(line.content for line in record[: last + 1])
    if _END.match(record[0].content) is None or _PARTIAL.match(content) is not None:
        yield FileEntry(record[0].number, record[0].start, content)


def _unfolded(content: bytes, line: int) -> Iterator[tuple[int, bytes]]:
    """Yield the numbers and unfolded lines of a record, without comments. Raises InvalidSyntax."""
    lines: list[tuple[int, list[bytes]]] = []
    for number, text in enumerate(content.splitlines(), line):
        if not text.startswith(b" "):
            lines.append((number, [text]))
        elif lines:
            lines[-1][1].append(text[1:])
        else:
            raise InvalidSyntax("the record begins with a space, but there is no line to continue.")
    for number, parts in lines:
        if not parts[0].startswith(b"#"):
            yield number, b"".join(parts)


def _attribute(number: int, text: bytes) -> LdifAttribute:
    match = _ATTRIBUTE.fullmatch(text)
    if match is None:
        raise InvalidSyntax(f"in line {number} expected an attribute and a colon.")
    name = match["name"].decode("ascii")
    match match["kind"]:
        case b":":
            try:
                value = base64.b64decode(match["value"].strip(), validate=True)
            except binascii.Error as error:
                raise InvalidSyntax(f"{name}: in line {number} expected base64.") from error
            return LdifAttribute(name, value, is_encoded=True)
        case b"<":
            return LdifAttribute(name, None)
        case _:
            return LdifAttribute(name, match["value"])
