"""Bodies come back as they went in, small, and are never misread."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.errors import InvalidValue
from scim.store.dynamodb.values import (
    DICTIONARIES,
    UnknownCodec,
    packed,
    packed_list,
    packed_object,
    unpacked,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXT, below, max_size=4),
    max_leaves=20,
)
FROZEN = {1: "12a3243343b3d124a92be3b10e786361e588de3deec57d3c9ac73086ef4b1898"}
ENTRA_USER = {
    "userName": "vera.kowalczyk@contoso.com",
    "externalId": "b7f3c2a1-0f6e-4d51-9d53-7f1b2c9e8a40",
    "active": True,
    "displayName": "Vera Kowalczyk",
    "title": "Senior Analyst",
    "preferredLanguage": "en-US",
    "name": {"formatted": "Vera Kowalczyk", "familyName": "Kowalczyk", "givenName": "Vera"},
    "emails": [{"primary": True, "type": "work", "value": "vera.kowalczyk@contoso.com"}],
    "phoneNumbers": [
        {"value": "+48 22 555 01 99", "type": "work"},
        {"value": "+48 600 700 800", "type": "mobile"},
    ],
    "addresses": [
        {
            "type": "work",
            "formatted": "ul. Prosta 51, Warszawa",
            "streetAddress": "ul. Prosta 51",
            "locality": "Warszawa",
            "region": "Mazowieckie",
            "postalCode": "00-838",
            "country": "PL",
        }
    ],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "701984",
        "department": "Finance",
        "costCenter": "4130",
        "organization": "Contoso",
        "division": "EMEA",
        "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d"},
    },
}


@given(JSON)
def test_packed_values_unpack_unchanged(value: object) -> None:
    assert unpacked(packed(value)) == value


def test_a_typical_user_is_small() -> None:
    assert len(json.dumps(ENTRA_USER)) > 900
    assert len(packed(ENTRA_USER)) <= 300


def test_the_order_of_members_is_kept() -> None:
    assert list(json.loads(json.dumps(unpacked(packed({"b": 1, "a": 2}))))) == ["b", "a"]


@pytest.mark.parametrize("stored", [b"", b"\x00abc", b"\x02abc", b"\xff"], ids=repr)
def test_an_unknown_codec_is_an_error_that_says_so(stored: bytes) -> None:
    with pytest.raises(UnknownCodec, match="stored bytes need codec"):
        unpacked(stored)


@pytest.mark.parametrize("lost", [b"\x01\xff\xff", packed({"a": 1})[:-3]], ids=["other", "cut"])
def test_damaged_bytes_are_a_value_error(lost: bytes) -> None:
    with pytest.raises(ValueError, match=r"stored bytes are damaged|Expecting|Unterminated"):
        unpacked(lost)


def test_half_a_character_cannot_be_stored() -> None:
    with pytest.raises(InvalidValue):
        packed({"userName": "\ud800"})


def test_released_dictionaries_never_change() -> None:
    sums = {codec: hashlib.sha256(text).hexdigest() for codec, text in DICTIONARIES.items()}
    assert sums == FROZEN


def test_a_packed_object_or_array_is_read_as_what_it_is() -> None:
    item = {"z": packed({"a": 1}), "l": packed([1])}
    assert packed_object(item, "z") == {"a": 1}
    assert packed_list(item, "l") == [1]
    with pytest.raises(TypeError, match="attribute l is not an object"):
        packed_object(item, "l")
    with pytest.raises(TypeError, match="attribute z is not an array"):
        packed_list(item, "z")
