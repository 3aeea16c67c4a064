"""Outgoing calls end in time, follow no redirects and read a bounded answer."""

import pytest

from scim.auth.http_client import Outbound, UnreachableError
from tests.fakes.authorization_server import AuthorizationServer
from tests.fakes.receiver import dripping


@pytest.fixture
def outbound() -> Outbound:
    return Outbound(allows_loopback=True, seconds=0.3)


def test_an_object_is_read(outbound: Outbound, server: AuthorizationServer) -> None:
    assert len(outbound.read(f"{server.url}/jwks")["keys"]) == 6


def test_keys_in_their_own_media_type_are_read(
    outbound: Outbound, server: AuthorizationServer
) -> None:
    """Such issuers answer 406 to a client that accepts only application/json (panva/openid-client#466)."""
    server.fault = "no plain JSON"
    assert len(outbound.read(f"{server.url}/jwks")["keys"]) == 6


def test_every_request_names_the_service(outbound: Outbound, server: AuthorizationServer) -> None:
    """Firewalls answer 403 to the name that Python's urllib gives itself (jpadilla/pyjwt#1121)."""
    outbound.read(f"{server.url}/jwks")
    outbound.post_form(f"{server.url}/introspect", {"token": "opaque"}, {})
    assert [headers["user-agent"] for _, _, headers in server.asked] == ["serverless-scim"] * 2


@pytest.mark.parametrize(
    "fault", ["down", "slow", "drips", "redirects", "garbage", "a list", "endless"]
)
def test_a_late_long_or_malformed_answer_is_an_error(
    outbound: Outbound, server: AuthorizationServer, fault: str
) -> None:
    server.fault = fault
    with pytest.raises(UnreachableError):
        outbound.read(f"{server.url}/jwks")
    assert server.asked_for("/elsewhere") == 0


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_drips_ends_in_time(outbound: Outbound, part: str) -> None:
    with dripping(part) as dripped, pytest.raises(UnreachableError):
        outbound.read(dripped.url)
    assert 0 < dripped.parts < dripped.most / 2


def test_a_server_that_does_not_listen_is_an_error(outbound: Outbound) -> None:
    with pytest.raises(UnreachableError):
        outbound.read("http://127.0.0.1:9/jwks")


def test_plain_http_on_this_machine_is_refused_unless_allowed(server: AuthorizationServer) -> None:
    with pytest.raises(UnreachableError, match="https"):
        Outbound().read(f"{server.url}/jwks")
    assert server.asked == []


def test_the_environments_proxies_are_not_on_the_way(
    outbound: Outbound, server: AuthorizationServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert "keys" in outbound.read(f"{server.url}/jwks")
