"""A caller without a valid RPT is sent to the authorization server with a ticket (UMA 2.0)."""

import re
from typing import Any

import pytest

from scim.access.issuer import issuer_of
from scim.auth.external_tokens import ExternalTokens, external_tokens
from scim.auth.http_client import Outbound, UnreachableError
from scim.auth.not_authorized import NotAuthorized
from scim.auth.uma import Tickets
from scim.errors import Unavailable
from scim.expiring_cache import ExpiringCache
from tests.fakes.authorization_server import RESOURCE, AuthorizationServer


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    outbound = Outbound(allows_loopback=True, seconds=0.5)
    return Tickets(outbound, {"as-client": "s3cret"}.__getitem__, ExpiringCache(clock))


def test_the_challenge_names_the_server_and_a_new_ticket(
    tickets: Tickets, protecting: dict[str, Any], server: AuthorizationServer
) -> None:
    issuer = issuer_of(protecting, "acme")
    expected = f'UMA realm="scim", as_uri="{server.url}", ticket="ticket-'
    assert tickets.challenge(issuer) == f'{expected}1"'
    assert tickets.challenge(issuer) == f'{expected}2"'
    path, body, headers = server.asked[-1]
    assert path == "/permission"
    assert body == {"resource_id": RESOURCE, "resource_scopes": ["scim.read"]}
    assert headers["authorization"] == "Bearer pat-1"


def test_our_own_token_is_asked_for_once_in_its_life(
    tickets: Tickets, clock: Clock, protecting: dict[str, Any], server: AuthorizationServer
) -> None:
    issuer = issuer_of(protecting, "acme")
    for _ in range(3):
        tickets.challenge(issuer)
    assert server.asked_for("/token") == 1
    assert server.asked[0][1]["scope"] == ["uma_protection"]
    clock.now += 300 - 30
    tickets.challenge(issuer)
    assert server.asked_for("/token") == 2


def test_our_own_token_is_renewed_after_a_failure(
    tickets: Tickets, protecting: dict[str, Any], server: AuthorizationServer
) -> None:
    issuer = issuer_of(protecting, "acme")
    tickets.challenge(issuer)
    server.fault = "down"
    assert tickets.challenge(issuer) is None
    server.fault = ""
    assert tickets.challenge(issuer) is not None
    assert server.asked_for("/token") == 2


@pytest.mark.parametrize("fault", ["down", "slow", "redirects", "garbage", "a list"])
def test_without_a_ticket_there_is_no_challenge(
    tickets: Tickets, protecting: dict[str, Any], server: AuthorizationServer, fault: str
) -> None:
    server.fault = fault
    assert tickets.challenge(issuer_of(protecting, "acme")) is None


def test_without_our_secret_there_is_no_challenge(protecting: dict[str, Any]) -> None:
    def unreadable(name: str) -> str:
        raise Unavailable(f"The secret {name} cannot be read.")

    tickets = Tickets(Outbound(allows_loopback=True, seconds=0.5), unreadable)
    assert tickets.challenge(issuer_of(protecting, "acme")) is None


class Answering:
    """A server that answers as told."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def post_form(self, url: str, form: Any, headers: Any) -> dict[str, Any]:
        return {"access_token": "pat"} | self.answer

    def post_json(self, url: str, value: Any, headers: Any) -> dict[str, Any]:
        return {"ticket": "t"} | self.answer


@pytest.mark.parametrize(
    "answer",
    [
        {"ticket": 'x", as_uri="https://evil.example.com'},
        {"ticket": "x\r\nSet-Cookie: a=b"},
        {"ticket": ""},
        {"ticket": None},
        {"ticket": "x" * 1025},
        {"access_token": None},
        {"expires_in": "60"},
    ],
)
def test_a_ticket_unsafe_in_a_header_is_refused(
    protecting: dict[str, Any], answer: dict[str, Any]
) -> None:
    tickets = Tickets(Answering(answer), str)
    assert tickets.challenge(issuer_of(protecting, "acme")) is None


def test_the_realm_stays_in_its_quotation(protecting: dict[str, Any]) -> None:
    protecting["uma"]["realm"] = 'a"b\\c\r\n\x7fd'
    challenge = Tickets(Answering({}), str).challenge(issuer_of(protecting, "acme"))
    assert challenge is not None
    assert challenge.startswith('UMA realm="a\\"b\\\\cd", ')


def test_an_issuer_without_uma_has_no_challenge(tickets: Tickets, asking: dict[str, Any]) -> None:
    assert tickets.challenge(issuer_of(asking, "acme")) is None


def test_a_ticket_leads_to_a_token_and_the_token_to_the_resource(
    known: Any, protecting: dict[str, Any], server: AuthorizationServer
) -> None:
    known.documents = [("acme", protecting)]
    tokens: ExternalTokens = external_tokens(
        known, {"as-client": "s3cret"}.__getitem__, Outbound(allows_loopback=True), None
    )
    with pytest.raises(NotAuthorized):
        tokens.principal_of("no-rpt", "acme")
    challenge = tokens.challenge("acme")
    assert challenge is not None
    (ticket,) = re.findall('ticket="([^"]+)"', challenge)
    rpt = f"rpt-for-{ticket}"
    server.active[rpt] = {
        "active": True,
        "sub": "somebody",
        # A plain scope says nothing where permissions are asked for.
        "scope": "scim.write",
        "permissions": [
            {"resource_id": RESOURCE, "resource_scopes": ["scim.read"]},
            {"resource_id": RESOURCE, "resource_scopes": 7},
            {"resource_id": "another", "resource_scopes": ["scim.write"]},
        ],
    }
    principal = tokens.principal_of(rpt, "acme")
    assert principal is not None
    assert principal.scopes == frozenset({"users:view"})
    assert tokens.challenge("globex") is None
    assert tokens.challenge(None) is None


def test_the_servers_errors_are_one(server: AuthorizationServer) -> None:
    with pytest.raises(UnreachableError, match="404"):
        Outbound(allows_loopback=True).read(f"{server.url}/nowhere")
