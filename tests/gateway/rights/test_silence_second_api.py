"""At the second API, which asks its authorizer about every request, a refusal is empty without a header too."""

from collections.abc import Iterator

import pytest

from local.gateway import ADDRESS, Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client


@pytest.fixture(name="door", scope="module")
def _door() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR", "UmaChallenges": "true"}) as gateway:
        make_tenant(gateway, "quiet", profile="forsta")
        make_tenant(gateway, "loud", profile="rfc")
        yield Gateway(gateway.template, gateway.store, ADDRESS, {}, "UmaApi")


@pytest.mark.parametrize("token", [None, "a-token-nobody-was-ever-given"], ids=["none", "wrong"])
def test_a_stranger_is_told_nothing(door: Gateway, token: str | None) -> None:
    answer = Client(door, token, "").send("GET", "/quiet/v2/users")
    assert (answer.status, answer.body) == (401, None)


@pytest.mark.parametrize("token", [None, "a-token-nobody-was-ever-given"], ids=["none", "wrong"])
def test_at_other_tenants_a_refusal_has_a_body(door: Gateway, token: str | None) -> None:
    for path in ("/loud/scim/v2/Users", "/scim/v2/Users"):
        answer = Client(door, token, "").send("GET", path)
        assert (answer.status, answer.body["status"]) == (401, "401")


def test_a_token_is_served(door: Gateway) -> None:
    token = secret_of(door, "quiet", "*")
    assert Client(door, token, "").send("GET", "/quiet/v2/users").status == 200
