"""Entity tags; If-Match and If-None-Match decide whether a write is wanted and whether a reader has it already."""

import pytest

from scim.errors import PreconditionFailed
from scim.service.messages import Precondition, etag_of, names_version


def test_a_version_has_a_weak_tag() -> None:
    assert etag_of(7) == 'W/"7"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param('W/"7"', True, id="weak"),
        pytest.param('"7"', True, id="strong"),
        pytest.param("*", True, id="any"),
        pytest.param('W/"6" , W/"7"', True, id="list"),
        pytest.param('W/"6",, W/"7",', True, id="empty elements"),
        pytest.param(', W/"7"', True, id="empty first element"),
        pytest.param(",", False, id="empty elements only"),
        pytest.param('W/"6"', False, id="other"),
        pytest.param('W/"77"', False, id="longer"),
        pytest.param("7", False, id="unquoted"),
        pytest.param('W/"7" x', False, id="rubbish"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_header_names_a_version_or_not(header: str, expected: bool) -> None:
    assert names_version(header, 7) is expected


@pytest.mark.parametrize("text", [",{}x", '"1"{}x', "{}", 'W/"1"{},'])
@pytest.mark.timeout(15)
def test_reading_tags_takes_no_longer_than_their_length_allows(text: str) -> None:
    assert not names_version(text.format(" " * 500_000), 7)


@pytest.mark.parametrize(
    ("condition", "is_wanted"),
    [
        (Precondition(), True),
        (Precondition(if_match='W/"3"'), True),
        (Precondition(if_match='"3"'), True),
        (Precondition(if_match='W/"1", W/"3"'), True),
        (Precondition(if_match="*"), True),
        (Precondition(if_match=" * "), True),
        (Precondition(if_match='W/"4"'), False),
        (Precondition(if_match="3"), False),
        (Precondition(if_match=""), False),
        (Precondition(if_match="nonsense"), False),
        (Precondition(if_none_match='W/"4"'), True),
        (Precondition(if_none_match='W/"3"'), False),
        (Precondition(if_none_match="*"), False),
        (Precondition(if_match='W/"3"', if_none_match='W/"4"'), True),
        (Precondition(if_match='W/"3"', if_none_match='W/"3"'), False),
    ],
    ids=str,
)
def test_a_write_to_version_3_is_wanted_or_not(condition: Precondition, is_wanted: bool) -> None:
    if is_wanted:
        condition.require(3)
        return
    with pytest.raises(PreconditionFailed, match='W/"3"'):
        condition.require(3)


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(),
        Precondition(if_match="*"),
        Precondition(if_match='W/"3-a"'),
        Precondition(if_none_match='W/"3"'),
    ],
    ids=str,
)
def test_a_read_of_version_3_is_refused_only_by_if_match(condition: Precondition) -> None:
    condition.require_match(3)
    with pytest.raises(PreconditionFailed, match='W/"3"'):
        Precondition(if_match='W/"2"', if_none_match='W/"3"').require_match(3)


@pytest.mark.parametrize(
    ("condition", "asks"),
    [
        (Precondition(), False),
        (Precondition(if_match="*"), False),
        (Precondition(if_match=" *"), False),
        (Precondition(if_match='W/"3"'), True),
        (Precondition(if_none_match='W/"3"'), False),
    ],
    ids=str,
)
def test_only_a_tag_asks_for_a_version(condition: Precondition, asks: bool) -> None:
    assert condition.asks_for_version is asks


@pytest.mark.parametrize(
    ("header", "is_unmodified"),
    [
        (None, False),
        ("*", True),
        ('W/"3"', True),
        ('W/"2"', False),
        ('W/"2", "3"', True),
        (',"3",', True),
    ],
)
def test_a_reader_has_version_3_or_not(header: str | None, is_unmodified: bool) -> None:
    assert Precondition(if_none_match=header).is_unmodified('W/"3"') is is_unmodified


@pytest.mark.parametrize(
    ("header", "is_unmodified"),
    [('W/"3-a"', True), ('"3-a"', True), ('W/"3"', False), ('W/"3-b"', False), ("*", True)],
)
def test_a_reader_has_what_is_shown_of_others_too_or_not(header: str, is_unmodified: bool) -> None:
    assert Precondition(if_none_match=header).is_unmodified('W/"3-a"') is is_unmodified


@pytest.mark.parametrize("tag", ['W/"3"', 'W/"3-a"', '"3-b"'])
def test_a_write_looks_at_the_resources_own_version(tag: str) -> None:
    Precondition(if_match=tag).require(3)
    with pytest.raises(PreconditionFailed):
        Precondition(if_none_match=tag).require(3)
    with pytest.raises(PreconditionFailed):
        Precondition(if_match=tag).require(4)
