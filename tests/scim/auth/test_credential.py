"""Only what could be a credential is looked up."""

import base64

import pytest

from scim.auth.credential import Credential, credential_in

TOKEN = "scim_abc_" + "x" * 43


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize(
    ("value", "credential"),
    [
        (f"Bearer {TOKEN}", Credential("bearer", TOKEN)),
        (f"Bearer Bearer {TOKEN}", Credential("bearer", TOKEN)),
        (f"Bearer bearer {TOKEN}", Credential("bearer", TOKEN)),
        (f"bearer {TOKEN}", Credential("bearer", TOKEN)),
        (f"BEARER   {TOKEN}", Credential("bearer", TOKEN)),
        (TOKEN, Credential("bare", TOKEN)),
        (f" {TOKEN} ", Credential("bare", TOKEN)),
        (f"Token {TOKEN}", Credential("token", TOKEN)),
        (f"token {TOKEN}", Credential("token", TOKEN)),
        (_basic(f"abc:{TOKEN}"), Credential("basic", TOKEN, "abc")),
    ],
)
def test_a_credential_is_read_with_its_scheme(value: str, credential: Credential) -> None:
    assert credential_in({"Authorization": value}, 40) == credential


def test_the_header_has_any_case() -> None:
    assert credential_in({"authorization": f"Bearer {TOKEN}"}, 40) == Credential("bearer", TOKEN)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Bearer undefined",
        f"Digest {TOKEN}",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN}, Bearer {TOKEN}",
        "Bearer " + "x" * 39,
        "Bearer " + "x" * 9000,
        f'Bearer "{TOKEN}"',
        f"Bearer {TOKEN}\x00",
        "Bearer " + "ü" * 50,
        "Bearer " + "\uff21" * 50,
        "non-token",
        _basic(TOKEN),
        _basic(f":{TOKEN}"),
        _basic("abc:short"),
        _basic("abc:"),
        "Basic " + "é" * 50,
        "Basic " + base64.b64encode(b"\xff:" + TOKEN.encode()).decode(),
    ],
)
def test_a_header_that_holds_no_credential_gives_none(value: str) -> None:
    assert credential_in({"Authorization": value}, 40) is None


def test_no_header_is_no_credential() -> None:
    assert credential_in({}, 40) is None
