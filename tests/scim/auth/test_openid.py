"""The operator's identity provider: where users are sent, and which answers are accepted."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from scim.access.admission import Admission
from scim.auth.http_client import Outbound
from scim.auth.openid import FRESH, OpenIdProvider
from scim.errors import Unauthorized, Unavailable
from tests.fakes.openid_provider import CLIENT_ID, KIM, OpenIdServer, signing_in

BACK, VERIFIER = "https://scim.example.com/console/sign-in/back", "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[OpenIdServer]:
    with signing_in() as server:
        yield server


@pytest.fixture(autouse=True)
def _sound(server: OpenIdServer) -> None:
    server.person, server.changed, server.fault = dict(KIM), {}, ""


def provider(server: OpenIdServer, now: list[float] | None = None) -> OpenIdProvider:
    clock = (lambda: now[0]) if now else (lambda: 1.0)
    admission = Admission({"groups": ["SCIM operators"]})
    outbound = Outbound(allows_loopback=True)
    return OpenIdProvider(server.url, CLIENT_ID, "openid", admission, outbound, clock=clock)


def code_from(server: OpenIdServer, own: OpenIdProvider) -> str:
    address = own.address(BACK, "s", "n", CHALLENGE)
    back = server.authorized(urlsplit(address).query)
    return parse_qs(urlsplit(back).query)["code"][0]


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({}, "kim@example.com"),
        ({"email_verified": False}, "u-1"),
        ({"email": None}, "u-1"),
        ({"email": None, "sub": "ünïcode"}, hashlib.sha256("ünïcode".encode()).hexdigest()),
    ],
    ids=["verified", "not verified", "no address", "no plain text"],
)
def test_the_person_is_named_by_a_verified_address_or_by_the_subject(
    server: OpenIdServer, person: dict[str, object], name: str
) -> None:
    server.person = {**KIM, **person}
    own = provider(server)
    code = code_from(server, own)
    assert own.person(code, VERIFIER, BACK, "n") == name


def test_a_code_works_once(server: OpenIdServer) -> None:
    own = provider(server)
    code = code_from(server, own)
    own.person(code, VERIFIER, BACK, "n")
    with pytest.raises(Unauthorized, match="rejected the code"):
        own.person(code, VERIFIER, BACK, "n")


def test_a_token_for_another_sign_in_is_not_believed(server: OpenIdServer) -> None:
    own = provider(server)
    with pytest.raises(Unauthorized, match="another sign-in"):
        own.person(code_from(server, own), VERIFIER, BACK, "other")


@pytest.mark.parametrize(
    "claims",
    [
        {"azp": "other"},
        {"aud": [CLIENT_ID, "other"]},
        {"aud": [CLIENT_ID, "other"], "azp": "other"},
    ],
    ids=["azp", "several aud", "several aud, azp"],
)
def test_a_token_for_another_client_is_not_believed(
    server: OpenIdServer, claims: dict[str, object]
) -> None:
    own, server.changed = provider(server), claims
    with pytest.raises(Unauthorized, match="another client"):
        own.person(code_from(server, own), VERIFIER, BACK, "n")


def test_a_token_for_this_client_among_others_is_believed(server: OpenIdServer) -> None:
    own, server.changed = provider(server), {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID}
    assert own.person(code_from(server, own), VERIFIER, BACK, "n") == "kim@example.com"


def test_a_description_of_another_issuer_is_not_believed(server: OpenIdServer) -> None:
    server.fault = "other issuer"
    with pytest.raises(Unavailable, match="not that of the issuer"):
        provider(server).address(BACK, "s", "n", CHALLENGE)


def test_the_metadata_of_the_provider_is_read_again_after_a_while(server: OpenIdServer) -> None:
    now = [1.0]
    own = provider(server, now)
    own.address(BACK, "s", "n", CHALLENGE)
    server.fault = "other issuer"
    own.address(BACK, "s", "n", CHALLENGE)
    now[0] += FRESH
    with pytest.raises(Unavailable):
        own.address(BACK, "s", "n", CHALLENGE)


def test_an_unreachable_provider_is_reported() -> None:
    away = OpenIdServer(url="http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="did not answer"):
        provider(away).address(BACK, "s", "n", CHALLENGE)
