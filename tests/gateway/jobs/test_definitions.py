"""Jobs of tenants with definitions of their own."""

import json
from typing import Any

from local.gateway import Gateway
from tests.fakes.devices import STORAGE
from tests.gateway.client import Client
from tests.gateway.transfer import client_of, imported

TICKET = "urn:example:desk:1.0:Ticket"
NAMED = {"indexes": [{"attribute": "name", "unique": True}]}


def tickets(**hints: Any) -> dict[str, Any]:
    """Return the definitions of tickets: each has a queue and a name."""
    attributes = [{"name": name, "type": "string"} for name in ("queue", "name")]
    return {
        "schemas": [{"id": TICKET, "name": "Ticket", "attributes": attributes}],
        "resourceTypes": [
            {
                "name": "Ticket",
                "endpoint": "/Tickets",
                "description": "Ticket",
                "schema": TICKET,
                STORAGE: {**NAMED, **hints},
            }
        ],
    }


def defines(client: Client, document: dict[str, Any]) -> None:
    answer = client.send("PUT", "/Definitions", document)
    assert answer.status == 200, answer.body
    client._gateway.forget_verdicts()


def lines(*resources: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in resources)


def test_each_line_of_an_import_gets_a_derived_name_of_its_own(gateway: Gateway) -> None:
    client = client_of(gateway, "derived")
    derived = {"attribute": "name", "from": ["queue"], "unique": True}
    defines(client, tickets(derived=[derived]))
    content = lines(*({"schemas": [TICKET], "queue": "it"} for _ in range(6)))
    job, _ = imported(client, content, format="ndjson")
    assert job["operations"] == {"total": 6, "done": 6, "failed": 0}
    stored = client.send("GET", "/Tickets").body["Resources"]
    assert sorted(each["name"] for each in stored) == ["it", *(f"it-{n}" for n in range(2, 7))]
