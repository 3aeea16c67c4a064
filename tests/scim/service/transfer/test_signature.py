"""Files that are no text are named for what they are."""

import gzip
from io import BytesIO
from zipfile import ZipFile

import pytest

from scim.errors import InvalidSyntax
from scim.service.transfer.signature import require_text, text_only


def workbook() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(), "Excel workbook; .* save the sheet as CSV"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old Excel workbook"),
        (gzip.compress(b"login\nann\n", mtime=0), "gzip.; unpack"),
        (b"\xef\xbb\xbf <HTML><table><tr><td>login", "HTML"),
        (b'<?xml version="1.0"?><Workbook>', "XML"),
        (b"%PDF-1.7", "PDF"),
        (b"SQLite format 3\0\x10\0\1\1\0" + b"\0" * 9, "binary data, not text"),
        (b"people.csv" + b"\0" * 90 + b"0000644", "binary data, not text"),
        ("login,email\n".encode("utf-32"), "binary data, not text"),
    ],
)
def test_a_file_that_is_not_text_is_named_by_its_kind(content: bytes, said: str) -> None:
    with pytest.raises(InvalidSyntax, match=said):
        text_only(iter([content, b"more"]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"login\nann\n",
        b"<login>,x\n",
        b'{"a":1}',
        b"P",
        b"login\nann\0\0\n",
        "a\u6200\u0100a".encode("utf-16-le"),
        "\u6200a\u0100\u6200".encode("utf-16"),
    ],
)
def test_text_is_left_as_it_is(content: bytes) -> None:
    require_text(content)
    assert b"".join(text_only(iter([content, b"more"]))) == content + b"more"
