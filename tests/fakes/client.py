"""A client of a function: makes API Gateway's events, reads the function's answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from scim.http.app import Handler, application
from scim.http.message.request import Request
from scim.http.routes.discovery import discovery_routes
from scim.http.routes.resources import resource_routes, search_routes
from scim.http.tenant_api import plain_api
from scim.principal import Principal
from scim.service.discovery import Discovery
from scim.service.visibility.deployment import Deployment
from tests.fakes.endpoint import BASE, TENANT, FakeDeployment

MAX_BODY_BYTES = 4096


@dataclass(frozen=True)
class Answered:
    """What the gateway would send on; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Client:
    """Calls a handler as one tenant."""

    handler: Handler
    tenant: str = TENANT

    def __call__(
        self,
        method: str,
        target: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        answer = self.handler(event(method, target, body, headers, self.tenant), None)
        several = answer["multiValueHeaders"]
        assert all(len(values) == 1 for values in several.values())
        sent = {name.lower(): values[0] for name, values in several.items()}
        return Answered(answer["statusCode"], sent, answer["body"])


def deployment_of(deployment: FakeDeployment) -> Deployment:
    """Return the deployment with an HTTP face."""
    return Deployment(
        catalogue=deployment.catalogue,
        directory=deployment.directory,
        clock=deployment.clock,
        ids=deployment.ids,
        bounds=deployment.bounds,
        profile=deployment.profile,
        max_body_bytes=MAX_BODY_BYTES,
    )


def usual_feed(_tenant: str) -> None:
    """Return that the tenant wants the deployment's feed."""


def served(deployment: FakeDeployment, tenant: str = TENANT) -> Client:
    """Return a client of a function that serves every path."""
    own = deployment_of(deployment)
    discovery = Discovery(deployment.catalogue, deployment.bounds)
    routes = {
        **search_routes(own),
        **discovery_routes(discovery, usual_feed),
        **resource_routes(own, deployment.catalogue.resource_types),
    }
    return Client(application(BASE.removesuffix("/scim/v2"), plain_api(routes)), tenant)


def event(
    method: str,
    target: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    tenant: str = TENANT,
) -> dict[str, Any]:
    """Return the event of a request below `/scim/v2`; the body is JSON unless it is text."""
    path, _, query = target.partition("?")
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return {
        "resource": "/{proxy+}",
        "path": f"/scim/v2{path}",
        "httpMethod": method,
        "headers": {"Content-Type": "application/scim+json", **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": {name: given[-1] for name, given in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "pathParameters": None,
        "requestContext": {
            "path": f"/live/scim/v2{path}",
            "requestId": "r1",
            "domainName": "abc.execute-api.example",
            "authorizer": {"tenant": tenant, "tokenId": "t1", "scopes": "*"},
        },
        "body": text,
        "isBase64Encoded": False,
    }


def request(
    method: str,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    tenant: str = TENANT,
) -> Request:
    """Return a request as the routes take it."""
    data = b"" if body is None else json.dumps(body).encode()
    return Request(
        method, query or {}, headers or {}, data, Principal(tenant, "t1", frozenset({"*"})), BASE
    )
