"""Items travel in DynamoDB's form and come back as they were."""

import zlib
from random import Random

import pytest

from scim.store.dynamodb.values import (
    DICTIONARIES,
    RAW,
    SMALL,
    Item,
    binaries,
    binary,
    decoded_item,
    deflated,
    encoded_item,
    inflated,
    number,
    packed,
    packed_members,
    text,
)

ITEM: Item = {"a": "é", "b": -7, "c": True, "d": b"\x00", "e": frozenset({b"1", b"2"})}


def test_values_are_sent_with_their_types() -> None:
    assert encoded_item(ITEM) == {
        "a": {"S": "é"},
        "b": {"N": "-7"},
        "c": {"BOOL": True},
        "d": {"B": b"\x00"},
        "e": {"BS": [b"1", b"2"]},
    }


def test_values_come_back_as_they_were() -> None:
    assert decoded_item(encoded_item(ITEM)) == ITEM


def test_a_type_no_item_has_is_an_error() -> None:
    with pytest.raises(TypeError, match="type M"):
        decoded_item({"a": {"M": {}}})


def test_an_absent_attribute_is_zero_or_empty() -> None:
    assert (number({}, "n"), binaries({}, "g")) == (0, frozenset())


@pytest.mark.parametrize(
    ("read", "name"), [(text, "b"), (number, "a"), (binary, "a"), (binaries, "a")]
)
def test_an_attribute_of_another_type_is_an_error(read, name) -> None:
    with pytest.raises(TypeError, match=f"attribute {name}"):
        read(ITEM, name)


def test_members_that_a_later_version_stored_are_not_read() -> None:
    item: Item = {"z": packed({"at": 1, "later": 2})}
    assert packed_members(item, "z", ("at", "why")) == {"at": 1}


@pytest.mark.parametrize("length", [0, 1, 200, 2_000, SMALL - 1, SMALL, SMALL + 1, 40_000])
def test_a_text_takes_no_more_bytes_for_the_little_memory_it_is_deflated_in(length: int) -> None:
    chance, known = Random(length), DICTIONARIES[1].decode()
    words = [known[start : start + 40] for start in chance.choices(range(len(known)), k=length)]
    text = "".join(word + chance.choice("abcdefgh") for word in words)[:length]
    stored = deflated(text)
    deflater = zlib.compressobj(9, wbits=RAW, zdict=DICTIONARIES[1])
    whole = deflater.compress(text.encode()) + deflater.flush()
    assert inflated(stored) == text
    assert len(stored) <= len(whole) * 1.01 + 8
