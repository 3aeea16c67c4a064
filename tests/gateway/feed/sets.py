"""Security event tokens as a receiver polls and verifies them (RFC 8936, RFC 8417)."""

import json
from typing import Any

import jwt

from local.gateway import Gateway
from tests.gateway.feed.feed_client import FeedClient

PROV = "urn:ietf:params:scim:event:prov:"
ASYNC = "urn:ietf:params:scim:event:misc:asyncresp"


def verified(gateway: Gateway, token: str) -> dict[str, Any]:
    """Return the claims of a SET as a receiver does: by the published key its header names."""
    keys = jwt.PyJWKSet.from_dict(json.loads(gateway.handle("GET", "/scim/jwks").body))
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "secevent+jwt"
    options = {"require": ["iss", "iat", "jti", "aud"], "verify_aud": False}
    read: dict[str, Any] = jwt.decode(token, keys[header["kid"]], ["ES256"], options)
    return read


def polled(client: FeedClient, **sent: Any) -> dict[str, dict[str, Any]]:
    client.gateway.event_sources.pump()
    answer = client.made("POST", "/Events", sent)
    return {jti: verified(client.gateway, token) for jti, token in answer["sets"].items()}


def drained(client: FeedClient) -> list[dict[str, Any]]:
    """Poll and acknowledge until there is nothing more."""
    found: list[dict[str, Any]] = []
    sets = polled(client)
    while sets:
        found += sets.values()
        sets = polled(client, ack=list(sets))
    return found
