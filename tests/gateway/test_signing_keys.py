"""The keys of events and tokens are replaced without refusing a valid token or an event."""

import base64
import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import boto3
import jwt
import pytest

from local import template as templates
from local.gateway import TEMPLATE, Gateway
from scim.access.client import OAuthClient
from scim.access.tenant import Tenant
from scim.access.token import hash_of
from scim.bootstrap.access import access_in
from tests.gateway.feed.feed_client import FeedClient

SECRET = "s" * 48
BASE = "https://scim.example.com"
STEPS = ("a", "a,b", "b,a", "b")


@pytest.fixture(name="deployments", scope="module")
def _deployments() -> Iterator[dict[str, Gateway]]:
    """Return the deployment of one store after each step, by the step's parameter."""
    parameters = {"TokenEndpoint": "true", "BaseUrl": BASE, "StageName": "live"}
    with Gateway.start(overrides={**parameters, "SigningKeys": "a,b"}) as both:
        access = access_in(boto3.client("dynamodb"), both.store.tables["Table"])
        access.tenants.create(Tenant("acme", "2026-01-01T00:00:00.000Z"))
        hashes = (hash_of(SECRET),)
        common = ("acme", ("users:*",), "", "2026-01-01T00:00:00.000Z")
        access.clients.save(OAuthClient("c1", *common, secret_hashes=hashes))
        stack = both.template.scope.stack
        yield {
            step: Gateway(
                templates.read(TEMPLATE, stack, {**parameters, "SigningKeys": step}),
                both.store,
                "scim.example.com",
                {"SCIM_MINIMUM_TOKEN_LENGTH": "1"},  # of the local tokens
            )
            for step in STEPS
        }


def token_of(gateway: Gateway) -> str:
    basic = base64.b64encode(f"c1:{SECRET}".encode()).decode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"Basic {basic}",
    }
    form = urlencode({"grant_type": "client_credentials"}).encode()
    return str(
        json.loads(gateway.handle("POST", "/oauth2/token", headers, form).body)["access_token"]
    )


def status_with(gateway: Gateway, token: str) -> int:
    return gateway.handle("GET", "/scim/v2/Users", {"Authorization": f"Bearer {token}"}).status


def kids(gateway: Gateway, path: str) -> list[str]:
    return [key["kid"] for key in json.loads(gateway.handle("GET", path).body)["keys"]]


@pytest.mark.parametrize("path", ["/oauth2/jwks", "/scim/jwks"])
def test_each_step_publishes_the_keys_of_its_neighbours(
    deployments: dict[str, Gateway], path: str
) -> None:
    (old,), (new,) = kids(deployments["a"], path), kids(deployments["b"], path)
    assert old != new
    assert kids(deployments["a,b"], path) == [old, new]
    assert kids(deployments["b,a"], path) == [new, old]


@pytest.mark.parametrize(("before", "after"), list(itertools.pairwise(STEPS)))
def test_a_token_is_valid_before_and_after_the_next_step(
    deployments: dict[str, Gateway], before: str, after: str
) -> None:
    """Both versions of a function answer for a while, so each accepts the tokens of the other."""
    tokens = [token_of(deployments[step]) for step in (before, after)]
    # What the second step removes signed nothing for as long as a token is valid.
    for token in tokens:
        assert status_with(deployments[before], token) == 200
        assert status_with(deployments[after], token) == 200


def test_a_removed_key_is_no_longer_accepted(deployments: dict[str, Gateway]) -> None:
    assert status_with(deployments["b"], token_of(deployments["a"])) == 401


@pytest.mark.parametrize("step", STEPS)
def test_an_event_is_verified_with_the_published_key_it_names(
    deployments: dict[str, Gateway], step: str
) -> None:
    gateway = deployments[step]
    client = FeedClient(gateway, "rfc")
    client.made("POST", "/Events", {"maxEvents": 0})
    client.user(f"kim-{step}")
    gateway.event_sources.pump()
    (event,) = client.made("POST", "/Events", {"maxEvents": 1})["sets"].values()
    document: dict[str, Any] = json.loads(gateway.handle("GET", "/scim/jwks").body)
    key = jwt.PyJWKSet.from_dict(document)[jwt.get_unverified_header(event)["kid"]]
    assert jwt.decode(event, key, ["ES256"], options={"verify_aud": False})["jti"]
    assert jwt.get_unverified_header(event)["kid"] == document["keys"][0]["kid"]
