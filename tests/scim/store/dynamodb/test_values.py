"""Items travel in DynamoDB's form and come back as they were."""

import pytest

from scim.store.dynamodb.values import (
    Item,
    binaries,
    binary,
    decoded_item,
    encoded_item,
    number,
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


def test_what_is_absent_counts_nothing() -> None:
    assert (number({}, "n"), binaries({}, "g")) == (0, frozenset())


@pytest.mark.parametrize(
    ("read", "name"), [(text, "b"), (number, "a"), (binary, "a"), (binaries, "a")]
)
def test_an_attribute_of_another_type_is_an_error(read, name) -> None:
    with pytest.raises(TypeError, match=f"attribute {name}"):
        read(ITEM, name)
