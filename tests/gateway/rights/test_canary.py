"""Secrets are in no table, log or response."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from scim.log import logger
from tests.gateway.access import secret_of
from tests.gateway.client import GROUP, PATCH, USER, Client

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
CANARY = "c4n4ry-Pa55phrase"


class Lines(logging.Handler):
    """Keeps all that is logged, with everything that is attached to it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


@pytest.fixture(name="lines")
def _lines() -> Iterator[list[str]]:
    handler = Lines()
    loggers = (logger(), logging.getLogger())
    for each in loggers:
        each.addHandler(handler)
    yield handler.lines
    for each in loggers:
        each.removeHandler(handler)


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start() as gateway:
        yield gateway


def test_secrets_are_nowhere(
    gateway: Gateway, lines: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    secret = secret_of(gateway, "demo", "*")
    client = Client(gateway, secret)
    user = client.user("canary", password=CANARY)
    path = f"/Users/{user['id']}"
    replaced = {"op": "replace", "path": "password", "value": CANARY}
    answers: list[Any] = [
        user,
        client.patch(path, replaced),
        client.patch(path, {"op": "replace", "value": {"password": CANARY}}),
        client.patch(path, {"op": "remove", "path": f'password[value eq "{CANARY}"]'}),
        client.send("PUT", path, {"schemas": [USER], "userName": "canary", "password": CANARY}),
        client.send("PUT", path, {"schemas": [USER], "userName": 7, "password": CANARY}),
        client.send("POST", "/Users", f'{{"password":"{CANARY}"'.encode()),
        client.send("POST", "/Users", {"schemas": [USER], "password": [CANARY]}),
        client.send("PATCH", path, {"schemas": [PATCH], "Operations": [{"op": CANARY}]}),
        client.send("GET", f'/Users?filter=password eq "{CANARY}"'),
        client.send("GET", path),
        client.send("GET", "/Users?attributes=password"),
        *_refused(gateway, secret),
    ]
    table = boto3.client("dynamodb").scan(TableName=gateway.store.tables["Table"])["Items"]
    seen = capfd.readouterr()
    assert '"message": "request"' in seen.out
    for place in (repr(answers), repr(table), repr(lines), seen.out, seen.err):
        for word in (CANARY, secret, secret.split("_", 2)[2]):
            assert word not in place


REFUSED: list[tuple[str, str, Any]] = [
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "active": CANARY}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "emails": CANARY}),
    ("POST", "/Users", {"schemas": [CANARY]}),
    ("POST", "/Users", {"schemas": [USER], "userName": "x", "name": {"givenName": [CANARY]}}),
    ("POST", "/Users", f'{{"{CANARY}": 1, "{CANARY}": 2}}'.encode()),
    ("GET", f'/Users?filter={CANARY} eq "x"', None),
    ("GET", f'/Users?filter=userName eq "x" and "{CANARY}', None),
    ("GET", f"/Users?sortBy={CANARY}", None),
    ("GET", f"/Users?cursor={CANARY}", None),
    ("GET", f"/Users/{CANARY}", None),
    ("GET", f"/{CANARY}", None),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{"value": CANARY}]}),
    ("POST", "/Bulk", {"schemas": [BULK], "Operations": [{"method": CANARY, "path": CANARY}]}),
]


@pytest.mark.parametrize("agent", ["Okta SCIM Client 1.0.0", CANARY])
def test_a_refusal_is_explained_without_a_word_of_the_clients(
    gateway: Gateway, lines: list[str], capfd: pytest.CaptureFixture[str], agent: str
) -> None:
    client = Client(gateway, secret_of(gateway, "demo", "*"))
    path = f"/Users/{client.user(agent[:4])['id']}"
    operations = [
        {"op": "replace", "path": f'emails[type eq "{CANARY}"].value', "value": [CANARY]},
        {"op": "replace", "path": f'nothing[value eq "{CANARY}"].value', "value": CANARY},
        {"op": "replace", "path": "active", "value": CANARY},
        {"op": "add", "path": CANARY, "value": CANARY},
        {"op": "remove", "path": "userName", "value": CANARY},
    ]
    patches = [("PATCH", path, {"schemas": [PATCH], "Operations": [each]}) for each in operations]
    for method, target, body in (*REFUSED, *patches):
        client.send(method, target, body, {"User-Agent": agent})
    seen = capfd.readouterr()
    refused = [line for line in seen.out.splitlines() if '"refused": {' in line]
    assert len(refused) >= len(REFUSED) - 1
    assert all('"client": "okta"' in line for line in refused) == (agent != CANARY)
    assert any('"attribute": "active"' in line and '"check": "boolean"' in line for line in refused)
    assert CANARY not in repr(lines) + seen.out + seen.err


def _refused(gateway: Gateway, secret: str) -> list[Any]:
    """Return the answers to credentials that are almost right."""
    values = [
        f"Bearer {secret}x",
        f"Token {secret}x",
        f"Basic {secret}",
        f"Bearer {secret} {secret}",
        f"Digest {secret}",
    ]
    paths = ("/scim/v2/Users", "/demo/scim/v2/Users", "/other/scim/v2/Users")
    return [
        json.loads(gateway.handle("GET", path, {"Authorization": value}).body)
        for value in values
        for path in paths
    ]
