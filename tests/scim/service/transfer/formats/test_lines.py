"""A file as lines and JSON."""

from collections.abc import Iterator

import pytest

from scim.errors import InvalidSyntax, PayloadTooLarge
from scim.service.transfer.formats.lines import MOST_BYTES, lines_of, object_in


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_line_numbers_and_offsets_do_not_depend_on_the_pieces(size: int) -> None:
    content = "a\n\näö\r\nlast".encode()
    found = list(lines_of(pieces(content, size)))
    assert [each.number for each in found] == [1, 2, 3, 4]
    assert b"".join(each.content for each in found) == content
    assert [content[each.start :].startswith(each.content) for each in found] == [True] * 4


def test_a_line_without_an_end_is_refused_by_its_number() -> None:
    with pytest.raises(PayloadTooLarge, match="Line 2"):
        list(lines_of(iter([b"short\n", *[b"x" * 1_000_000] * (MOST_BYTES // 1_000_000 + 1)])))


def test_an_object_is_read() -> None:
    assert object_in('\ufeff{"a":[1,"\\ud83d\\ude00"]}'.encode()) == {"a": [1, "😀"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b'{"a":1,"a":2}', "twice", id="a name twice"),
        pytest.param(b'{"a":NaN}', "NaN", id="not a number"),
        pytest.param(b'{"a":1e999}', "too large", id="infinite"),
        pytest.param(b'{"a":[1,-1e999]}', "too large", id="infinite in a list"),
        pytest.param(b'{"a":%s}' % (b"9" * 5000), "more than 20 digits", id="thousands of digits"),
        pytest.param(b'{"a":', "valid JSON", id="stops half way"),
        pytest.param(b"[1]", "not a JSON object", id="an array"),
        pytest.param(b'{"a":"\xff"}', "UTF-8", id="no text"),
        pytest.param(rb'{"a":"\ud800"}', "surrogate", id="half a character"),
        pytest.param(b'{"a":' + b"[" * 100_000, "nested", id="nested without end"),
    ],
)
def test_ambiguous_json_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InvalidSyntax, match=said):
        object_in(content)
