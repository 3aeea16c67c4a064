"""A token is introspected at most twice a minute and never accepted without an answer."""

import base64
from typing import Any

import pytest

from scim.access.issuer import issuer_of
from scim.auth.http_client import Outbound
from scim.auth.introspection import LARGEST, Introspector, basic
from scim.auth.jws import IssuerSilent, NotBelieved
from scim.errors import Unavailable
from scim.expiring_cache import ExpiringCache
from tests.fakes.authorization_server import AUDIENCE, RESOURCE, AuthorizationServer

SECRET = "s3cret:with colon"
NOW = 1_800_000_000


class Clock:
    """Time passes; the time of day may be set back meanwhile, by `behind` seconds."""

    def __init__(self) -> None:
        self.now = float(NOW)
        self.behind = 0.0

    def of_day(self) -> float:
        return self.now - self.behind

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def introspector(clock: Clock) -> Introspector:
    outbound = Outbound(allows_loopback=True, seconds=0.5)
    secret = {"as-client": SECRET}.__getitem__
    return Introspector(outbound, secret, clock.of_day, ExpiringCache(clock))


def claims(introspector: Introspector, document: dict[str, Any], token: str = "rpt") -> Any:
    issuer = issuer_of(document, "acme")
    assert issuer.introspection is not None
    return introspector.claims(token, issuer, issuer.introspection)


def test_an_active_token_has_the_claims_the_server_returns(
    introspector: Introspector, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    server.active["rpt"] = {"active": True, "scope": "scim.read"}
    assert claims(introspector, asking)["scope"] == "scim.read"
    ((path, form, headers),) = server.asked
    assert path == "/introspect"
    assert form == {"token": ["rpt"], "token_type_hint": ["access_token"]}
    # RFC 6749 section 2.3.1 encodes each half before they are joined.
    pair = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == "scim:s3cret%3Awith+colon"


def test_a_token_is_not_refused_because_our_secret_cannot_be_read(
    asking: dict[str, Any], server: AuthorizationServer
) -> None:
    def unreadable(name: str) -> str:
        raise Unavailable(f"The secret {name} cannot be read.")

    server.active["rpt"] = {"active": True}
    outbound = Outbound(allows_loopback=True, seconds=0.5)
    with pytest.raises(IssuerSilent, match="secret"):
        claims(Introspector(outbound, unreadable), asking)
    assert server.asked == []


def test_an_answer_is_remembered_for_thirty_seconds(
    introspector: Introspector, clock: Clock, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    server.active["rpt"] = {"active": True}
    claims(introspector, asking)
    server.active.clear()
    clock.now += 29
    assert claims(introspector, asking) == {"active": True}
    assert len(server.asked) == 1
    clock.now += 1
    with pytest.raises(NotBelieved, match="not active"):
        claims(introspector, asking)


def test_a_remembered_answer_ends_in_time_although_the_clock_is_set_back(
    introspector: Introspector, clock: Clock, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    server.active["rpt"] = {"active": True}
    claims(introspector, asking)
    server.active.clear()
    clock.now, clock.behind = clock.now + 30, 3600.0
    with pytest.raises(NotBelieved, match="not active"):
        claims(introspector, asking)


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(lambda end: {"exp": end}, id="the token ends"),
        pytest.param(lambda end: {"permissions": [{"exp": end}]}, id="a permission ends"),
    ],
)
def test_an_answer_is_not_remembered_beyond_the_expiry_of_the_token(
    introspector: Introspector,
    clock: Clock,
    asking: dict[str, Any],
    server: AuthorizationServer,
    ending: Any,
) -> None:
    server.active["rpt"] = {"active": True} | ending(clock.now + 10)
    claims(introspector, asking)
    clock.now += 10
    with pytest.raises(NotBelieved, match="expired"):
        claims(introspector, asking)
    assert len(server.asked) == 2


@pytest.mark.parametrize("end", [10**400, float("inf")])
def test_a_token_that_practically_never_ends_is_remembered_no_longer(
    introspector: Introspector,
    clock: Clock,
    asking: dict[str, Any],
    server: AuthorizationServer,
    end: float,
) -> None:
    server.active["rpt"] = {"active": True, "exp": end}
    claims(introspector, asking)
    claims(introspector, asking)
    assert len(server.asked) == 1
    clock.now += 30
    claims(introspector, asking)
    assert len(server.asked) == 2


def test_a_refusal_is_not_remembered(
    introspector: Introspector, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    with pytest.raises(NotBelieved):
        claims(introspector, asking)
    server.active["rpt"] = {"active": True}
    assert claims(introspector, asking) == {"active": True}


def test_an_issuer_can_switch_the_memory_off(
    introspector: Introspector, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    asking["introspection"]["secondsRemembered"] = 0
    server.active["rpt"] = {"active": True}
    claims(introspector, asking)
    claims(introspector, asking)
    assert len(server.asked) == 2


def test_answers_are_remembered_for_each_tenant_apart(
    introspector: Introspector, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    server.active["rpt"] = {"active": True}
    claims(introspector, asking)
    other = issuer_of(asking, "globex")
    assert other.introspection is not None
    introspector.claims("rpt", other, other.introspection)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "other_terms", "reason"),
    [
        ({"iss": "https://one.example"}, {"issuer": "https://two.example"}, "of another issuer"),
        ({"aud": AUDIENCE}, {"audiences": ["https://two.example"]}, "for another audience"),
    ],
)
def test_a_remembered_answer_is_checked_for_each_issuer_that_has_the_endpoint(
    introspector: Introspector,
    asking: dict[str, Any],
    server: AuthorizationServer,
    answer: dict[str, Any],
    other_terms: dict[str, Any],
    reason: str,
) -> None:
    server.active["rpt"] = {"active": True, **answer}
    asking |= {"issuer": "https://one.example", "audiences": [AUDIENCE] if "aud" in answer else []}
    assert claims(introspector, asking)["active"]
    with pytest.raises(NotBelieved, match=reason):
        claims(introspector, asking | other_terms)
    assert len(server.asked) == 1


@pytest.mark.parametrize(("size", "times"), [(LARGEST - 50, 1), (LARGEST, 2)])
def test_only_short_answers_are_remembered(
    introspector: Introspector,
    asking: dict[str, Any],
    server: AuthorizationServer,
    size: int,
    times: int,
) -> None:
    server.active["rpt"] = {"active": True, "padding": "x" * size}
    claims(introspector, asking)
    claims(introspector, asking)
    assert len(server.asked) == times


@pytest.mark.parametrize(
    "fault", ["down", "slow", "drips", "redirects", "garbage", "a list", "endless"]
)
def test_a_server_that_does_not_answer_is_reported_as_silent(
    introspector: Introspector, asking: dict[str, Any], server: AuthorizationServer, fault: str
) -> None:
    server.active["rpt"] = {"active": True, "padding": "x" * 640}
    server.fault = fault
    with pytest.raises(IssuerSilent, match="did not answer"):
        claims(introspector, asking)
    assert server.asked_for("/elsewhere") == 0


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"active": False}, id="inactive"),
        pytest.param({"active": "true"}, id="active as text"),
        pytest.param({"active": 1}, id="active as a number"),
        pytest.param({"active": True, "exp": NOW - 1}, id="expired"),
        pytest.param({"active": True, "exp": str(NOW + 60)}, id="exp text"),
        pytest.param({"active": True, "exp": None}, id="exp null"),
        pytest.param({"active": True, "exp": True}, id="exp true"),
        pytest.param({"active": True, "nbf": NOW + 86_400}, id="not yet"),
        pytest.param({"active": True, "iss": "https://evil.example.com"}, id="of another"),
        pytest.param({"active": True, "aud": "https://other.example.com"}, id="for another"),
        pytest.param({"active": True, "aud": [{"for": AUDIENCE}]}, id="aud of objects"),
    ],
)
def test_a_token_the_server_does_not_vouch_for_is_refused(
    introspector: Introspector,
    asking: dict[str, Any],
    server: AuthorizationServer,
    answer: dict[str, Any],
) -> None:
    if "aud" in answer:
        asking["audiences"] = [AUDIENCE]
    server.active["rpt"] = answer
    with pytest.raises(NotBelieved):
        claims(introspector, asking)


@pytest.mark.parametrize(
    ("permissions", "is_good"),
    [
        ([{"resource_id": RESOURCE, "resource_scopes": ["scim.read"]}], True),
        ([{"resource_id": "another"}, {"resource_id": RESOURCE}], True),
        ([{"resource_id": "another", "resource_scopes": ["scim.read"]}], False),
        ([{"resource_id": RESOURCE, "exp": NOW - 5}], False),
        ([{"resource_id": RESOURCE, "exp": NOW + 900, "nbf": NOW - 5}], True),
        ([{"resource_id": RESOURCE, "nbf": NOW + 500}], False),
        ([{"resource_id": RESOURCE, "nbf": "soon"}], False),
        ([], False),
        (["scim-resource"], False),
        (None, False),
    ],
)
def test_an_rpt_needs_a_permission_for_our_resource(
    introspector: Introspector,
    protecting: dict[str, Any],
    server: AuthorizationServer,
    permissions: Any,
    is_good: bool,
) -> None:
    server.active["rpt"] = {"active": True, "permissions": permissions}
    if is_good:
        assert claims(introspector, protecting)["permissions"] == permissions
    else:
        with pytest.raises(NotBelieved):
            claims(introspector, protecting)


def test_a_permission_counts_only_while_it_is_valid(
    introspector: Introspector,
    protecting: dict[str, Any],
    server: AuthorizationServer,
    clock: Clock,
) -> None:
    valid = {"resource_id": RESOURCE, "resource_scopes": ["scim.read"], "exp": NOW + 900}
    ended = {"resource_id": RESOURCE, "resource_scopes": ["scim.write"], "exp": NOW - 5}
    coming = {"resource_id": RESOURCE, "resource_scopes": ["scim.write"], "nbf": NOW + 500}
    server.active["rpt"] = {"active": True, "permissions": [ended, coming, valid]}
    assert claims(introspector, protecting)["permissions"] == [valid]
    clock.now += 500
    assert claims(introspector, protecting)["permissions"] == [coming, valid]


def test_a_client_is_named_as_oauth_writes_it() -> None:
    assert basic("a:b", "c d") == "Basic " + base64.b64encode(b"a%3Ab:c+d").decode()
