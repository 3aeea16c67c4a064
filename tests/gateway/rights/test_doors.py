"""Without valid credentials every route and method is refused."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.api_gateway.routes import Resource
from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ID = "2819c223-7f76-453a-919d-413861904646"
PAST, FUTURE = "2026-01-02T00:00:00.000Z", "9998-01-01T00:00:00.000Z"


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


STATES: dict[str, Callable[[Gateway], str | None]] = {
    "none": lambda _: None,
    "empty": lambda _: "",
    "Bearer": lambda _: "Bearer",
    "Bearer null": lambda _: "Bearer null",
    "Bearer undefined": lambda _: "Bearer undefined",
    "garbage": lambda _: "\x00\x7f garbage ,;=",
    "no ASCII": lambda _: "Basic é",
    "short": lambda _: "Bearer short",
    "long": lambda _: "Bearer " + "x" * 9000,
    "unknown": lambda _: "Bearer scim_t1_" + "x" * 49,
    "unknown JWT": lambda _: "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2UifQ.c2ln",
    "two": lambda g: f"Bearer {secret_of(g, 'demo', '*')} {secret_of(g, 'demo', '*')}",
    "scheme nobody knows": lambda g: f"Digest {secret_of(g, 'demo', '*')}",
    "scheme the tenant does not take": lambda g: f"Token {secret_of(g, 'strict', '*')}",
    "Basic with another user": lambda g: _basic(f"other:{secret_of(g, 'demo', '*')}"),
    "half a secret": lambda g: f"Bearer {secret_of(g, 'demo', '*')[:-1]}",
    "expired": lambda g: f"Bearer {secret_of(g, 'demo', '*', expires_at=PAST)}",
    "not yet valid": lambda g: f"Bearer {secret_of(g, 'demo', '*', not_before=FUTURE)}",
    "revoked": lambda g: f"Bearer {secret_of(g, 'demo', '*', revoked_at=PAST)}",
    "suspended tenant": lambda g: f"Bearer {secret_of(g, 'suspended', '*')}",
    "forgotten tenant": lambda g: f"Bearer {secret_of(g, 'forgotten', '*')}",
}


def _targets(resource: Resource) -> list[str]:
    if resource.path != "/{proxy+}":
        return [resource.path.replace("{id}", ID)]
    tenants = ("demo", "strict", "nobody")
    return ["/nowhere", *(f"/{tenant}/scim/v2/Users/{ID}" for tenant in tenants)]


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start() as gateway:
        make_tenant(gateway, "strict", schemes=("bearer",))
        make_tenant(gateway, "suspended", suspended_at=PAST)
        yield gateway


@pytest.fixture(name="invoked")
def _invoked(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been invoked, the authorizer apart."""
    invoked: list[str] = []
    invoke = gateway._runtime.invoke

    def noted(arn: str, event: Any) -> Any:
        invoked.append(arn)
        return invoke(arn, event)

    monkeypatch.setattr(gateway._runtime, "invoke", noted)
    return invoked


# The token endpoint of an authorization server is where those without a token go.
OPEN = {"/oauth2/token", "/.well-known/oauth-authorization-server", "/health", "/openapi.json"}
OPEN |= {"/scim/jwks"}  # whose signature events have
# Pages are for everybody; what they ask for has sessions of its own.
OPEN |= {f"/{each}{rest}" for each in ("setup", "console") for rest in ("", "/{proxy+}")}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.sampled(3)
def test_every_route_and_method_is_closed(gateway: Gateway, invoked: list[str], state: str) -> None:
    header = STATES[state](gateway)
    sent = {} if header is None else {"Authorization": header}
    resources = [resource for _, resource in gateway._routes.resources]
    tried = 0
    for resource in resources:
        guarded = {m: route for m, route in resource.methods.items() if route.authorizer}
        assert guarded.keys() == {*METHODS, "HEAD"} or _is_open(resource.path), resource.path
        for method in guarded:
            for target in _targets(resource):
                answer = gateway.handle(method, target, sent, b"{}")
                headers = {name.lower(): value for name, value in answer.headers}
                assert answer.status == 401, (method, target)
                assert headers["www-authenticate"] == 'Bearer realm="scim"'
                assert headers["content-type"] == "application/scim+json"
                assert json.loads(answer.body)["status"] == "401"
                tried += 1
    assert tried > 100
    assert invoked == []


def _is_open(path: str) -> bool:
    return any(path == each or path.endswith(each) for each in OPEN)
