"""API requests made from a page: reads are served, writes are dry runs.

They pass through the same code as all requests, with the tenant's profile and definitions and a
principal with all permissions there. Their responses are those of the API.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scim.access.tenant import Tenant
from scim.errors import InvalidValue, NotFound
from scim.http.app import COST_HEADER, METHODS, Handler
from scim.http.console.app import Call
from scim.http.message.preference import DRY_RUN
from scim.mount import MOUNT
from scim.permission import EVERYTHING
from scim.principal import Principal

_SEARCH = ".search"
_LONGEST = 8192
_PATH = re.compile("/(?!/)")
"""A path, and not the host of another server."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Sends requests to the API of a tenant; `tenant` returns its settings."""

    api: Handler
    tenant: Callable[[str], Tenant | None]

    def response_to(self, call: Call, name: str, request: Mapping[str, object]) -> dict[str, Any]:
        """Return the response to a request: `method`, `path` below the base URL, `body`.

        A write always carries `Prefer: dry-run`. Raises NotFound and InvalidValue.
        """
        tenant = self.tenant(name)
        if tenant is None:
            raise NotFound("There is no tenant with this name.")
        method, path, body = _parts_of(request)
        answer = self.api(_event(call, tenant, method, path, body), None)
        headers = {str(n): v[0] for n, v in (answer.get("multiValueHeaders") or {}).items() if v}
        text = str(answer.get("body") or "")
        return {
            "status": answer["statusCode"],
            "cost": headers.get(COST_HEADER),
            "body": json.loads(text) if text else None,
        }


def _parts_of(request: Mapping[str, object]) -> tuple[str, str, object]:
    method, path, body = (request.get(name) for name in ("method", "path", "body"))
    if not isinstance(method, str) or method not in METHODS:
        raise InvalidValue(f"method: expected one of {', '.join(METHODS)}.")
    if not isinstance(path, str) or not _PATH.match(path) or len(path) > _LONGEST:
        raise InvalidValue(f"path: expected /… of at most {_LONGEST} characters.")
    return method, path, body


def _event(call: Call, tenant: Tenant, method: str, path: str, body: object) -> dict[str, Any]:
    parts, caller = urlsplit(path), call.session.principal
    principal = Principal(
        tenant.name,
        caller.token_id,
        frozenset({EVERYTHING}),
        profile=tenant.profile,
        definitions=tenant.definitions,
        owner=caller.owner,
    )
    is_read = method == "GET" or parts.path.endswith(f"/{_SEARCH}")
    prefer = {} if is_read else {"Prefer": DRY_RUN}
    return {
        "httpMethod": method,
        "resource": "/{proxy+}",
        "path": f"{MOUNT}{parts.path}",
        "pathParameters": {"proxy": f"{MOUNT}{parts.path}".removeprefix("/")},
        "queryStringParameters": dict(parse_qsl(parts.query, keep_blank_values=True)),
        "headers": {"Content-Type": "application/scim+json", **prefer},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "authorizer": principal.context(),
            "identity": {"sourceIp": caller.address},
            "requestId": caller.request_id,
        },
    }
