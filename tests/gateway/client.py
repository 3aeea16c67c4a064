"""Talks to the service as an identity provider does, without sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.gateway import Gateway
from local.seed import TOKEN

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, its header names in lower case and its body read."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Client:
    """Sends requests below `/scim/v2` with the demo tenant's token."""

    def __init__(
        self, gateway: Gateway, token: str | None = TOKEN, mount: str = "/scim/v2"
    ) -> None:
        self._gateway = gateway
        self._token = token
        self._mount = mount

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send JSON, or bytes as they are."""
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        sent = {"Content-Type": "application/scim+json", **(headers or {})}
        if self._token is not None:
            sent.setdefault("Authorization", f"Bearer {self._token}")
        answer = self._gateway.handle(method, self._mount + path, sent, raw)
        found = {name.lower(): value for name, value in answer.headers}
        return Answered(answer.status, found, json.loads(answer.body) if answer.body else None)

    def user(self, user_name: str, **more: object) -> dict[str, Any]:
        """Create a user."""
        return self._made("/Users", {"schemas": [USER], "userName": user_name, **more})

    def group(self, display_name: str, *members: str, **more: object) -> dict[str, Any]:
        """Create a group of the ids."""
        values = [{"value": member} for member in members]
        body = {"schemas": [GROUP], "displayName": display_name, "members": values, **more}
        return self._made("/Groups", body)

    def patch(self, path: str, *operations: Mapping[str, object]) -> Answered:
        """Send PATCH operations."""
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def _made(self, path: str, body: object) -> dict[str, Any]:
        answer = self.send("POST", path, body)
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.body
        return made


BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
