"""Removing write-only values from a body."""

from scim.resource.secret import secrets_in, shown_of_earlier, without_hidden, without_secrets
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, AttributeMutability, AttributeType, Returned, Schema
from tests.scim.resource.types import EXTRA_URN, GROUP, THING, USER


def test_a_password_is_removed_from_the_user() -> None:
    assert without_secrets(USER, {"userName": "ada", "password": "p"}) == {"userName": "ada"}


def test_secrets_in_extensions_are_removed_too() -> None:
    body = {"label": "x", "pin": "p", EXTRA_URN: {"color": "red", "code": "c"}}
    assert without_secrets(THING, body) == {"label": "x", EXTRA_URN: {"color": "red"}}
    assert body["pin"] == "p"


def test_a_body_without_secrets_is_left_as_it_is() -> None:
    assert without_secrets(USER, {"userName": "ada"}) == {"userName": "ada"}


def test_an_immutable_value_that_is_never_returned_is_a_secret() -> None:
    hidden = Attribute("word", mutability=AttributeMutability.IMMUTABLE, returned=Returned.NEVER)
    type_ = ResourceType("Door", "/Doors", "", Schema("urn:x:Door", "Door", "", (hidden,)))
    assert without_secrets(type_, {"word": "w"}) == {}


def test_secret_parts_are_removed_from_their_values() -> None:
    secret = Attribute("pin", mutability=AttributeMutability.WRITE_ONLY, returned=Returned.NEVER)
    keys = Attribute(
        "keys", AttributeType.COMPLEX, multi_valued=True, sub_attributes=(Attribute("name"), secret)
    )
    lock = Attribute("lock", AttributeType.COMPLEX, sub_attributes=(secret,))
    type_ = ResourceType("Door", "/Doors", "", Schema("urn:x:Door", "Door", "", (keys, lock)))
    body = {
        "keys": [{"name": "a", "pin": "1"}, {"pin": "2"}, {"name": "b"}],
        "lock": {"pin": "3"},
    }
    assert without_secrets(type_, body) == {"keys": [{"name": "a"}, {"name": "b"}]}
    assert secrets_in(type_, body) == ("keys.pin", "lock.pin")
    assert secrets_in(type_, {"keys": [{"name": "b"}]}) == ()


def test_secrets_are_named_with_the_urn_of_their_extension() -> None:
    body = {"label": "x", "pin": "p", EXTRA_URN: {"color": "red", "code": "c"}}
    assert secrets_in(THING, body) == ("pin", f"{EXTRA_URN}:code")


def test_a_secret_that_is_false_or_absent_is_not_named() -> None:
    ask = Attribute("reset", AttributeType.BOOLEAN, mutability=AttributeMutability.WRITE_ONLY)
    type_ = ResourceType("Door", "/Doors", "", Schema("urn:x:Door", "Door", "", (ask,)))
    sent: list[dict[str, object]] = [{"reset": True}, {"reset": False}, {}]
    assert [secrets_in(type_, body) for body in sent] == [("reset",), (), ()]


def test_stored_values_that_are_never_returned_are_hidden() -> None:
    body = {"label": "x", "pin": "p", "maker": {"value": "7", "secret": "s"}}
    assert without_secrets(THING, body) == {"label": "x", "maker": {"value": "7", "secret": "s"}}
    assert without_hidden(THING, body) == {"label": "x", "maker": {"value": "7"}}
    assert without_hidden(THING, {"maker": {"secret": "s"}}) == {}
    assert without_hidden(USER, {"userName": "a", "password": "x"}) == {"userName": "a"}


def test_earlier_values_are_shown_only_of_what_is_still_defined() -> None:
    known = {"label": "x", "parts": [{"value": "1"}], EXTRA_URN: {"color": "red"}}
    earlier = {
        "label": "x",
        "hint": "h",
        "pin": "p",
        "maker": {"secret": "s", "nickname": "n"},
        "parts": [{"value": "1", "code": "c"}, {"code": "d"}],
        EXTRA_URN: {"color": "red", "code": "c", "shade": "dark"},
        "urn:example:gone:1.0:Thing": {"color": "red"},
    }
    assert shown_of_earlier(THING, earlier) == known
    assert shown_of_earlier(THING, {"parts": []}) == {"parts": []}
    assert shown_of_earlier(THING, {"schemas": [], "id": "7", "externalId": "e"}) == {
        "schemas": [],
        "id": "7",
        "externalId": "e",
    }


def test_earlier_values_of_relations_and_open_attributes_keep_all_parts() -> None:
    open_part = Attribute("more", AttributeType.COMPLEX, is_open=True)
    type_ = ResourceType("Door", "/Doors", "", Schema("urn:x:Door", "Door", "", (open_part,)))
    assert shown_of_earlier(type_, {"more": {"any": 1}}) == {"more": {"any": 1}}
    members = [{"value": "1", "type": "User", "note": "n"}]
    assert shown_of_earlier(GROUP, {"members": members}) == {"members": members}
