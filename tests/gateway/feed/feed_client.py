"""A client that follows a tenant's changes: delta queries, events, and writes that make them."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import boto3

from local.gateway import Gateway
from tests.gateway.client import BULK, PATCH, USER, Client
from tests.gateway.transfer import ended

REQUEST = "urn:ietf:params:scim:api:messages:2.0:delta:request"
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "follow.py"


class FeedClient:
    """Sends requests as a tenant's token, and delivers the table's stream before it asks for changes."""

    def __init__(self, gateway: Gateway, tenant: str, token: str = "") -> None:
        self.gateway, self.base = gateway, f"/{tenant}/scim/v2"
        self._headers = {
            "Authorization": f"Bearer {token or f'local-{tenant}-token'}",
            "Content-Type": "application/scim+json",
        }

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self.gateway.handle(method, self.base + path, self._headers, sent)
        return answer.status, json.loads(answer.body) if answer.body else None

    def made(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self.ask(method, path, body)
        assert status < 300, answer
        return answer

    def user(self, name: str, **more: Any) -> str:
        made = self.made("POST", "/Users", {"schemas": [USER], "userName": name, **more})
        return str(made["id"])

    def patch(self, path: str, *operations: dict[str, Any]) -> None:
        self.made("PATCH", path, {"schemas": [PATCH], "Operations": operations})

    def token(self, below: str = "/Users") -> str:
        self.gateway.event_sources.pump()
        return str(self.made("GET", f"{below}/.deltaToken")["value"])

    def delta(self, token: str, below: str = "/Users", **more: Any) -> Any:
        self.gateway.event_sources.pump()
        body = {"schemas": [REQUEST], "deltaToken": token, **more}
        return self.made("POST", f"{below}/.delta", body)

    def changes(self, token: str, below: str = "/Users", **more: Any) -> list[tuple[str, str]]:
        page = self.delta(token, below, **more)
        return [(each["changeType"], each["changedResourceId"]) for each in page["Resources"]]


def without_log(gateway: Gateway) -> None:
    """Remove all that expires of the log."""
    table, items = gateway.store.tables["Table"], boto3.client("dynamodb")
    for item in items.scan(TableName=table)["Items"]:
        if item["k"]["S"] in {"log", "logged"} and "ttl" in item:
            items.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})


def bulk(client: FeedClient, *operations: dict[str, Any]) -> str:
    """Do operations as a job; return what the answer gave out as Set-Txn."""
    plain = Client(client.gateway, "local-rfc-token", client.base)
    body = {"schemas": [BULK], "Operations": list(operations)}
    asked = plain.send("POST", "/Bulk", body, {"Prefer": "respond-async"})
    assert asked.status == 202, asked.body
    ended(plain, "/Jobs/" + asked.headers["location"].rpartition("/")[2])
    return asked.headers["set-txn"]


def example() -> Any:
    """Return the module of the consumer in docs/examples."""
    spec = importlib.util.spec_from_file_location("follow_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
