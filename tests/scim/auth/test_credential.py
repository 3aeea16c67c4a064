"""Only what could be a token is looked up."""

import pytest

from scim.auth.credential import token_in

TOKEN = "scim_abc_" + "x" * 43


@pytest.mark.parametrize(
    "value", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"BEARER   {TOKEN}", TOKEN, f" {TOKEN} "]
)
def test_a_bearer_or_bare_token_is_read(value: str) -> None:
    assert token_in({"Authorization": value}, 40) == TOKEN


def test_the_header_has_any_case() -> None:
    assert token_in({"authorization": f"Bearer {TOKEN}"}, 40) == TOKEN


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Bearer undefined",
        f"Basic {TOKEN}",
        f"Token {TOKEN}",
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN}, Bearer {TOKEN}",
        "Bearer " + "x" * 39,
        "Bearer " + "x" * 9000,
        f'Bearer "{TOKEN}"',
        f"Bearer {TOKEN}\x00",
        "Bearer " + "ü" * 50,
        "Bearer " + "\uff21" * 50,
        "non-token",
    ],
)
def test_what_cannot_be_a_token_is_none(value: str) -> None:
    assert token_in({"Authorization": value}, 40) is None


def test_no_header_is_no_token() -> None:
    assert token_in({}, 40) is None
