"""Requests whose two factors are both as large as allowed cost no more than some large bodies would.

PATCH operations by values are in tests/gateway/requests/test_bad_requests.py.
"""

import json
from typing import Any

import pytest

from local.gateway import Gateway
from tests.cpu import cpu, megabytes
from tests.fakes.devices import DEVICE, document
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import GROUP

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
MOST = 60
"""CPU that one request may take, the local gateway's included, in megabytes of JSON."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def spent(gateway: Gateway, secret: str, method: str, path: str, body: Any = None) -> float:
    """Return the CPU that an answered request took, in megabytes of JSON."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"}
    content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    with cpu() as spent:
        answer = gateway.handle(method, f"/scim/v2{path}", headers, content)
    assert answer.status < 300, answer.body[:300]
    return megabytes(spent.seconds)


def referring(of: str) -> list[dict[str, Any]]:
    """Return a thousand groups that refer to 24 others each, or to what nobody makes."""
    return [
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": f"g{n}",
            "data": {
                "schemas": [GROUP],
                "displayName": "",  # refused, so that what is measured is the plan
                "members": [{"value": f"bulkId:{of}{(n + m) % 1000}"} for m in range(1, 25)],
            },
        }
        for n in range(1000)
    ]


@pytest.mark.parametrize("of", ["g", "nobody"], ids=["each other", "nobody"])
def test_a_bulk_request_of_references(gateway: Gateway, of: str) -> None:
    make_tenant(gateway, f"bulk-{of}")
    secret = secret_of(gateway, f"bulk-{of}", "*")
    spent(gateway, secret, "GET", "/Groups?count=1")
    body = {"schemas": [BULK], "Operations": referring(of)}
    assert spent(gateway, secret, "POST", "/Bulk", body) < MOST


@pytest.mark.parametrize(
    ("schemas", "attributes"), [(1, 5200), (90, 55)], ids=["one schema", "many schemas"]
)
def test_a_tenants_schemas_of_all_they_may_hold(
    gateway: Gateway, schemas: int, attributes: int
) -> None:
    tenant = f"brings-{schemas}"
    make_tenant(gateway, tenant)
    secret = secret_of(gateway, tenant, "*")
    spent(gateway, secret, "GET", "/Users?count=1")
    brought = document()
    own = [{"name": f"a{n}", "type": "string"} for n in range(attributes)]
    values = {f"a{n}": "v" for n in range(attributes)}
    device: dict[str, Any] = {"schemas": [DEVICE], "displayName": "x", "active": True}
    if schemas == 1:
        brought["schemas"][0]["attributes"] += own
        device |= values
    else:
        names = [f"urn:example:s{n}" for n in range(schemas)]
        brought["schemas"] += [
            {"id": each, "name": each[-3:].strip(":"), "attributes": own} for each in names
        ]
        extensions = brought["resourceTypes"][0].setdefault("schemaExtensions", [])
        extensions += [{"schema": each, "required": False} for each in names]
        device["schemas"] += names
        device |= dict.fromkeys(names, values)
    took = {"PUT /Definitions": spent(gateway, secret, "PUT", "/Definitions", brought)}
    gateway.forget_verdicts()
    for method, path, body in (
        ("GET", "/Devices?count=1", None),
        ("GET", "/Schemas", None),
        ("POST", "/Devices", device),
        ("GET", "/Devices", None),
    ):
        took[f"{method} {path}"] = spent(gateway, secret, method, path, body)
    assert {name: size for name, size in took.items() if size >= MOST} == {}
