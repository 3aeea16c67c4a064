"""Refusals without a body, for tenants that want them, open nothing at any path or from the cache."""

import json
import re

import pytest

from local import template as templates
from local.gateway import Gateway
from local.template import TEMPLATE
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ERROR, Answered, Client

QUIET, LOUD = "quiet", "loud"
STRANGE = "nobody-was-ever-given-this-token"
OPEN = ("/oauth2/", "/.well-known/", "/health", "/openapi.json", "/setup", "/console", "/scim/jwks")


@pytest.fixture(name="silent", scope="module")
def silent_gateway(gateway: Gateway) -> Gateway:
    """Return a gateway that remembers the stranger's token as nobody's."""
    make_tenant(gateway, QUIET, profile="forsta")
    make_tenant(gateway, LOUD, profile="rfc")
    assert _asked(gateway, "GET", f"/{QUIET}/scim/v2/Users").status == 401
    return gateway


def _asked(gateway: Gateway, method: str, path: str, token: str = STRANGE) -> Answered:
    return Client(gateway, token, "").send(method, path, {} if method != "GET" else None)


def _every_route() -> list[tuple[str, str]]:
    """Return every method and path of the template's API."""
    paths = templates.read(TEMPLATE, "s", {}).properties_of("Api")["Body"]["paths"]
    filled = {"{id}": "1", "{uri}": "urn:x", "{name}": "User", "{proxy+}": f"{LOUD}/scim/v2/Users"}
    found = []
    for pattern, methods in paths.items():
        path = re.sub(r"\{.+?\}", lambda name: filled[name[0]], pattern)
        found += [(method.upper(), path) for method in methods if not path.startswith(OPEN)]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/quiet/scim/v2/Users",
        "/quiet/v2/users/1",
        "/quiet/scim/v2/serviceProviderConfig",
        "/quiet/scim/v2/nothing",
        "/quiet/nothing",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_stranger_is_told_nothing(silent: Gateway, method: str, path: str) -> None:
    answer = _asked(silent, method, path)
    assert (answer.status, answer.body) == (401, None)


def test_every_route_refuses_a_request_without_a_token(silent: Gateway) -> None:
    routes = _every_route()
    assert len(routes) > 50
    for method, path in routes:
        answer = _asked(silent, method, path)
        assert answer.status == 401, (method, path, answer)
        assert method == "HEAD" or answer.body["schemas"] == [ERROR], (method, path)


@pytest.mark.parametrize(
    "path", ["/loud/scim/v2/Users", "/scim/v2/Users", "/quietly/scim/v2/Users"]
)
def test_at_other_tenants_a_refusal_has_a_body(silent: Gateway, path: str) -> None:
    for token in (STRANGE, "another-token-nobody-was-given"):
        answer = _asked(silent, "GET", path, token)
        assert (answer.status, answer.body["status"]) == (401, "401")


def test_a_tokens_own_answers_are_not_touched(silent: Gateway) -> None:
    token = secret_of(silent, QUIET, "*")
    assert _asked(silent, "GET", f"/{QUIET}/scim/v2/Users", token).status == 200
    assert _asked(silent, "GET", f"/{LOUD}/scim/v2/Users", token).status == 404
    other = secret_of(silent, LOUD, "*")
    answer = _asked(silent, "GET", f"/{QUIET}/scim/v2/Users", other)
    assert answer.status == 404
    assert json.dumps(answer.body)
