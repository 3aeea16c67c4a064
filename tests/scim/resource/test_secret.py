"""Parting write-only values from a body."""

from scim.resource.secret import parted
from tests.scim.resource.types import EXTRA_URN, THING, USER


def test_a_password_is_parted_from_the_user() -> None:
    result = parted(USER, {"userName": "ada", "password": "p"})
    assert result.body == {"userName": "ada"}
    assert result.secrets == {"password": "p"}


def test_secrets_in_extensions_are_parted_too() -> None:
    body = {"label": "x", "pin": "p", EXTRA_URN: {"color": "red", "code": "c"}}
    result = parted(THING, body)
    assert result.body == {"label": "x", EXTRA_URN: {"color": "red"}}
    assert result.secrets == {"pin": "p", f"{EXTRA_URN}:code": "c"}
    assert body["pin"] == "p"


def test_a_body_without_secrets_is_left_as_it_is() -> None:
    assert parted(USER, {"userName": "ada"}).secrets == {}
