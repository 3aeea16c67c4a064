"""A scope grants exactly its permissions: every route, method and scope.

Decided twice, by the gateway from the authorizer's policy and by the function from the table,
and the same whether the policy is a remembered one or new.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.api_gateway.authorizer import Permit
from local.api_gateway.event import authorizer_event, context_of
from local.api_gateway.policy import Decision, decision_on
from local.gateway import Gateway
from local.http import Request, request_of
from scim.access.tenant import Tenant
from scim.auth.authorizer import authorizer
from scim.auth.credential import Credential
from scim.auth.policy import endpoint_segments
from scim.permission import Permissions
from scim.principal import Principal
from tests.gateway.access import CREATED, make_tenant, secret_of
from tests.gateway.client import Client
from tests.gateway.naming import SEARCH

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TABLE = Permissions.shipped()
ID = "2819c223-7f76-453a-919d-413861904646"
NAMES = sorted({grant.permission for grant in TABLE.grants(endpoint_segments())})
SCOPES = [*NAMES, "users:*", "me:*", "*:view", "*:list", "*:delete", "*", ""]
SHARED, OWN = "/scim/v2", "/demo/scim/v2"


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        make_tenant(gateway, "demo", profile="default+groupMembers")
        make_tenant(gateway, "other")
        yield gateway


def _rules(gateway: Gateway) -> Mapping[str, Mapping[str, str]]:
    """Return the permissions each routed path below the mount needs, by method."""
    paths = [resource.path for _, resource in gateway._routes.resources]
    rules = [path.removeprefix("/scim/v2") or "/" for path in paths if path.startswith("/scim/v2")]
    return {rule: TABLE.needed(rule) for rule in rules}


def _target(mount: str, rule: str) -> str:
    return mount + rule.replace("{id}", ID).removesuffix("/")


@pytest.mark.parametrize(
    ("mount", "scope"),
    [(SHARED, scope) for scope in SCOPES]
    + [(OWN, scope) for scope in ("users:view", "groups:*", "*:list", "*", "")],
)
@pytest.mark.sampled(3)
def test_a_request_is_allowed_or_403(gateway: Gateway, scope: str, mount: str) -> None:
    secret = secret_of(gateway, "demo", *scope.split(), subject="userName:nobody")
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"}
    scopes = frozenset(scope.split())
    for rule, needed in _rules(gateway).items():
        for method in METHODS:
            answer = gateway.handle(method, _target(mount, rule), headers, b"{}")
            where = (method, rule, answer.status, answer.body)
            if method not in needed:
                assert answer.status in ((405,) if scope == "*" else (403, 405)), where
            elif TABLE.is_granted(scopes, needed[method]) and not _finds_nothing(rule, scopes):
                assert answer.status in (200, 204, 400, 404, 405, 501), where
            else:
                assert answer.status == 403, where


def _finds_nothing(rule: str, scopes: frozenset[str]) -> bool:
    """A search of everything shows what may be listed: without that it is refused."""
    listed = (f"{segment.lower()}:list" for segment in endpoint_segments())
    return rule in ("/", "/.search") and not any(TABLE.is_granted(scopes, one) for one in listed)


DELTA = "urn:ietf:params:scim:api:messages:2.0:delta:request"


@pytest.mark.parametrize(
    ("scopes", "types"),
    [
        (("search", "users:list"), {"User"}),
        (("search", "groups:list"), {"Group"}),
        (("search", "*:list"), {"User", "Group"}),
        (("search", "users:view", "groups:view"), set()),
        (("search",), set()),
    ],
    ids=["users", "groups", "both", "none that may be listed", "none"],
)
def test_a_search_of_everything_shows_what_may_be_listed(
    gateway: Gateway, scopes: tuple[str, ...], types: set[str]
) -> None:
    make_tenant(gateway, "found")
    whole = Client(gateway, secret_of(gateway, "found", "*"))
    since = whole.send("GET", "/.deltaToken").body["value"]
    name = "-".join(scopes).replace(":", "-").replace("*", "all")
    whole.group(f"g-{name}", whole.user(f"u-{name}")["id"])
    client = Client(gateway, secret_of(gateway, "found", *scopes))
    for method, path, body in (
        ("GET", "/", None),
        ("POST", "/.search", {"schemas": [SEARCH]}),
        ("POST", "/.delta", {"schemas": [DELTA], "deltaToken": since}),
    ):
        answer = client.send(method, path, body)
        assert answer.status == (200 if types else 403), (path, answer.body)
        shown = {each["meta"]["resourceType"] for each in answer.body.get("Resources", [])}
        # What a delta query shows comes from the log, which may not be written yet.
        assert shown == types or (path == "/.delta" and shown <= types), path


class Known:
    """The demo tenant and its token in memory: what is stored does not depend on the request."""

    def __init__(self, scope: str) -> None:
        self._principal = Principal("demo", "t1", frozenset(scope.split()))

    def principal_of(self, credential: Credential) -> Principal:
        return self._principal

    def find(self, name: str) -> Tenant:
        return Tenant(name, CREATED)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.sampled(4)
def test_a_new_decision_is_the_remembered_one(gateway: Gateway, scope: str) -> None:
    secret = secret_of(gateway, "demo", *scope.split())
    known = Known(scope)
    asked_anew = authorizer(known, None, known, 1, ())
    different = []
    for mount in (SHARED, "/other/scim/v2"):
        for rule in _rules(gateway):
            for method in METHODS:
                name, request, event = _asked(gateway, secret, method, _target(mount, rule))
                remembered = gateway._authorizers.permit(name, request, event)
                fresh = decision_on(asked_anew(event, None)["policyDocument"], event["methodArn"])
                if isinstance(remembered, Permit) is not (fresh is Decision.ALLOWED):
                    different.append((method, mount, rule))
    assert different == []


def _asked(
    gateway: Gateway, secret: str, method: str, target: str
) -> tuple[str, Request, Mapping[str, Any]]:
    """Return which authorizer is asked for a request, and what."""
    request = request_of(method, target, {"Authorization": f"Bearer {secret}"}, b"")
    match = gateway._routes.match(request.path)
    assert match is not None
    route = match.resource.route_for(method)
    assert route is not None
    assert route.authorizer is not None
    context = context_of(request, match, gateway._stage)
    return route.authorizer, request, authorizer_event(request, match, context, gateway._stage)


@pytest.mark.parametrize("scope", ["*", "users:*"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.sampled(3)
def test_a_path_of_another_tenant_is_answered_like_one_of_no_tenant(
    gateway: Gateway, scope: str, method: str
) -> None:
    secret = secret_of(gateway, "demo", scope)
    headers = {"Authorization": f"Bearer {secret}"}
    for rule in _rules(gateway):
        other, nobody = (
            gateway.handle(method, _target(f"/{tenant}/scim/v2", rule), headers, b"{}")
            for tenant in ("other", "nobody")
        )
        assert (other.status, other.body) == (nobody.status, nobody.body)
        assert other.status == (404 if scope == "*" else 403)
