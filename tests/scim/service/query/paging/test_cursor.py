"""A cursor opens only where it was sealed."""

import re
from dataclasses import replace

import pytest

from scim.errors import ExpiredCursor, InvalidCursor
from scim.service.query.cursor import Cursor, CursorCipher

SEAL = CursorCipher(bytes(range(64)), "acme", "walk")
CURSOR = Cursor(("User id", "né"), 1000, 17, goes_back=True)


@pytest.mark.parametrize(
    "cursor",
    [CURSOR, Cursor(None, 1000), Cursor(("p", "x" * 900), 1000, 0)],
    ids=["back", "first", "long"],
)
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    assert SEAL.opened(SEAL.sealed(cursor), 1000) == cursor


def test_a_cursor_needs_no_quoting_and_shows_nothing() -> None:
    """RFC 9865 section 2 wants unreserved characters only."""
    text = SEAL.sealed(CURSOR)
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", text)
    assert "User" not in text


def test_an_old_cursor_has_expired() -> None:
    with pytest.raises(ExpiredCursor):
        SEAL.opened(SEAL.sealed(CURSOR), 1001)


@pytest.mark.parametrize(
    "other",
    [replace(SEAL, key=bytes(64)), replace(SEAL, tenant="other"), replace(SEAL, walk="other")],
    ids=["key", "tenant", "query"],
)
def test_a_cursor_of_elsewhere_is_invalid(other: CursorCipher) -> None:
    with pytest.raises(InvalidCursor):
        other.opened(SEAL.sealed(CURSOR), 0)


@pytest.mark.parametrize("text", ["abc", "a b", "é", "x" * 9000, "====", "A" * 60])
def test_a_malformed_cursor_is_invalid(text: str) -> None:
    with pytest.raises(InvalidCursor):
        SEAL.opened(text, 0)


def test_a_changed_cursor_is_invalid() -> None:
    text = SEAL.sealed(CURSOR)
    for at in range(0, len(text), 7):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(InvalidCursor):
            SEAL.opened(changed, 0)
