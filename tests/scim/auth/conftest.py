"""One authorization server for these tests, and issuers that trust it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fakes.authorization_server import AUDIENCE, RESOURCE, AuthorizationServer, running


@dataclass
class KnownIssuers:
    """The documents of a deployment, by tenant."""

    documents: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def named(self, issuer: str) -> Sequence[tuple[str, dict[str, Any]]]:
        return [(tenant, one) for tenant, one in self.documents if one["issuer"] == issuer]

    def of_tenant(self, tenant: str) -> Sequence[dict[str, Any]]:
        return [one for name, one in self.documents if name == tenant]


@pytest.fixture(scope="session")
def _server() -> Iterator[AuthorizationServer]:
    with running() as server:
        yield server


@pytest.fixture
def server(_server: AuthorizationServer) -> AuthorizationServer:
    fresh = AuthorizationServer()
    _server.jwks, _server.active, _server.asked, _server.fault = fresh.jwks, {}, [], ""
    return _server


@pytest.fixture
def signing(server: AuthorizationServer) -> dict[str, Any]:
    """Return the document of an issuer whose tokens are signed."""
    return {
        "kind": "jwt",
        "issuer": server.issuer,
        "jwksUri": f"{server.url}/jwks",
        "algorithms": ["RS256", "PS256", "ES256", "EdDSA"],
        "audiences": [AUDIENCE],
        "scoping": {"names": {"scim.read": ["users:view"]}},
    }


@pytest.fixture
def asking(server: AuthorizationServer) -> dict[str, Any]:
    """Return the document of an issuer that is asked about its tokens."""
    return {
        "kind": "introspection",
        "issuer": server.issuer,
        "introspection": {
            "endpoint": f"{server.url}/introspect",
            "clientId": "scim",
            "secretName": "as-client",
        },
        "scoping": {"names": {"scim.read": ["users:view"]}},
    }


@pytest.fixture
def protecting(asking: dict[str, Any], server: AuthorizationServer) -> dict[str, Any]:
    """Return the document of an issuer that gives out permission tickets."""
    return asking | {
        "uma": {
            "asUri": server.url,
            "permissionEndpoint": f"{server.url}/permission",
            "protectionTokenEndpoint": f"{server.url}/token",
            "resourceId": RESOURCE,
            "resourceScopes": ["scim.read"],
        }
    }


@pytest.fixture
def known(signing: dict[str, Any]) -> KnownIssuers:
    return KnownIssuers([("acme", signing)])
