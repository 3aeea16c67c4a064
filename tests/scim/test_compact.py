"""Compact JSON equals the standard library's."""

import json
from types import MappingProxyType

import pytest

from scim.compact import element_bytes, encode_by, json_line, json_text, value_of


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        'é\n\u2028\x00"\\',
        {"a": [1, -2.5, 1e300, True, False, None], "b": {"": "\U0001f600"}},
        {"half": "\ud800"},
        12345678901234567890,
    ],
)
@pytest.mark.parametrize("ensure_ascii", [False, True])
def test_compact_json_equals_that_of_the_standard_library(
    value: object, ensure_ascii: bool
) -> None:
    written = encode_by(dict, ", ", ": ", ensure_ascii=ensure_ascii)(value)
    assert written == json.dumps(value, ensure_ascii=ensure_ascii)


def test_a_mapping_that_is_no_dict_is_an_object_too() -> None:
    assert json_text({"a": MappingProxyType({"b": [1]})}) == '{"a":{"b":[1]}}'


def test_a_value_without_a_json_form_is_refused() -> None:
    with pytest.raises(TypeError):
        json_text({"a": object()})


def test_an_element_is_counted_as_it_is_carried_in_a_string() -> None:
    elements = [{"a": 'é"'}, ["\\"]]
    carried = json.dumps(json_text(elements), ensure_ascii=False).encode()
    # Around the elements are brackets and quotation marks; the last has no comma.
    assert sum(map(element_bytes, elements)) == len(carried) - len('"[]"') + len(",")


@pytest.mark.parametrize("text", ['{"a":[1,2.5,null]}', '"ä\\n"', "-3", "[]", "true"])
def test_the_value_of_a_text_is_the_one_the_library_reads(text: str) -> None:
    assert value_of(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", " {}", "{", "nul"])
def test_a_text_that_does_not_begin_with_json_has_no_value(text: str) -> None:
    with pytest.raises(ValueError, match="Expecting"):
        value_of(text)


def test_a_line_ends_where_it_ends_whatever_is_in_it() -> None:
    value = {"text": "a\u2028b\u0085c\nd"}
    line = json_line(value)
    assert line.splitlines(keepends=True) == [line]
    assert line.decode("ascii").splitlines() == [line.decode("ascii").removesuffix("\n")]
    assert json.loads(line) == value
