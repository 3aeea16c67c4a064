"""Base64url is written without padding and read without it."""

import pytest

from scim.base64url import base64url, bytes_in


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff", "-_8")],
)
def test_bytes_are_text_without_padding(content: bytes, text: str) -> None:
    assert base64url(content) == text
    assert bytes_in(text) == content
