"""A table as a version of this software writes it, with what it answers from it: `make written-table`.

Run in the checkout of that version: nothing here but a gateway, requests and the raw items is asked for.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3

from local.gateway import Gateway
from scim_cli import __version__
from tests.upgrade.begun import begin, follow

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DEVICE = "urn:ietf:params:scim:schemas:core:2.0:Device"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
TENANTS = ("default", "rfc", "entra", "okta", "wso2", "forsta")
EXPANDED = "urn:ietf:params:scim:schemas:expanded:2.0:User"
DEFINITIONS = {
    "schemas": [
        {
            "id": DEVICE,
            "name": "Device",
            "attributes": [
                {"name": "displayName", "type": "string", "uniqueness": "server", "required": True},
                {"name": "active", "type": "boolean"},
            ],
        }
    ],
    "resourceTypes": [{"name": "Device", "endpoint": "/Devices", "schema": DEVICE}],
}


class Tenant:
    """One tenant of a gateway, asked with the token that everybody knows."""

    def __init__(self, gateway: Gateway, name: str) -> None:
        self._gateway, self._name = gateway, name

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """Return the status and the decoded body of an answer."""
        headers = {
            "Authorization": f"Bearer local-{self._name}-token",
            "Content-Type": "application/scim+json",
        }
        sent = b"" if body is None else json.dumps(body).encode()
        # A tenant's definitions are replaced at the path without its name.
        place = "" if (method, path) == ("PUT", "/Definitions") else f"/{self._name}"
        answer = self._gateway.handle(method, f"{place}/scim/v2{path}", headers, sent)
        return answer.status, json.loads(answer.body) if answer.body else None

    def forget(self) -> None:
        """Ask the authorizer anew, which says whether a tenant has definitions."""
        self._gateway.forget_verdicts()

    def make(self, type_name: str, **members: Any) -> str:
        """Create a resource and return its id."""
        schemas = [f"{CORE}{type_name}", *(each for each in members if each.startswith("urn:"))]
        status, made = self.ask("POST", f"/{type_name}s", {"schemas": schemas, **members})
        if status not in (200, 201):
            raise RuntimeError(f"{self._name}: {status} {made}")
        return str(made["id"])

    def modify(self, target: str, **operation: Any) -> None:
        """Apply one operation of a PATCH."""
        status, answered = self.ask(
            "PATCH", target, {"schemas": [PATCH], "Operations": [operation]}
        )
        if status not in (200, 204):
            raise RuntimeError(f"{self._name}: {status} {answered}")


def write(tenant: Tenant, name: str) -> None:
    """Do a little of everything that leaves something in the table."""
    if name == "default":
        status, refused = tenant.ask("PUT", "/Definitions", DEFINITIONS)
        if status not in (200, 201):
            raise RuntimeError(f"{status} {refused}")
        tenant.forget()
    more = (
        {EXPANDED: {"companyId": 1, "languageId": 9, "UserType": "staff"}}
        if name == "forsta"
        else {}
    )
    people = [
        tenant.make(
            "User",
            userName=f"{each}@example.org",
            name={"givenName": each.title(), "familyName": "Ünal-Öz"},
            emails=[{"value": f"{each}@example.org", "type": "work", "primary": True}],
            active=True,
            **more,
        )
        for each in ("ada", "bob", "cy", "dee", "eve")
    ]
    inner = tenant.make(
        "Group", displayName="Inner", members=[{"value": people[0]}, {"value": people[1]}]
    )
    if name == "forsta":
        return
    outer = tenant.make("Group", displayName="Outer", members=[{"value": inner}])
    tenant.modify(f"/Users/{people[1]}", op="replace", path="displayName", value="Bob the Builder")
    tenant.modify(f"/Users/{people[2]}", op="replace", path="active", value=False)
    tenant.modify(f"/Groups/{outer}", op="add", path="members", value=[{"value": people[2]}])
    tenant.modify(f"/Groups/{inner}", op="remove", path=f'members[value eq "{people[0]}"]')
    tenant.ask("DELETE", f"/Users/{people[3]}")
    tenant.ask("POST", "/Users", {"schemas": [f"{CORE}User"], "userName": "ada@example.org"})
    if name != "default":
        return
    tenant.modify(
        f"/Users/{people[4]}", op="add", path=f"{ENTERPRISE}:manager.value", value=people[0]
    )
    made = {"method": "POST", "path": "/Users", "bulkId": "x"}
    data = {"schemas": [f"{CORE}User"], "userName": "bulk@example.org"}
    tenant.ask("POST", "/Bulk", {"schemas": [BULK], "Operations": [{**made, "data": data}]})
    status, device = tenant.ask("POST", "/Devices", {"schemas": [DEVICE], "displayName": "Printer"})
    if status != 201:
        raise RuntimeError(f"{status} {device}")


def answers(tenant: Tenant, name: str) -> Iterator[dict[str, Any]]:
    """Yield what is answered to questions that any later version has to answer alike."""
    asked = ["/Users", "/Groups", "/Users?filter=userName%20eq%20%22bob@example.org%22"]
    if name != "forsta":
        asked += [
            "/Users?sortBy=userName&count=2&startIndex=2",
            "/Users?filter=emails.value%20sw%20%22A%22%20or%20active%20eq%20false",
            "/Groups?filter=displayName%20co%20%22nn%22&excludedAttributes=members",
        ]
    if name == "default":
        asked += ["/Devices", "/Definitions", "/GroupMembers", "/Audit?kind=change", "/Jobs"]
    for path in asked:
        status, body = tenant.ask("GET", path)
        yield {"path": path, "status": status, "body": body}
        listed = body if isinstance(body, list) else body.get("Resources") or body.get("resources")
        listings = ("/Users", "/Groups", "/Devices", "/Jobs")
        for resource in (listed or []) if path in listings else []:
            one = f"{path}/{resource['id']}"
            for place in (one, f"{one}/Result") if path == "/Jobs" else (one,):
                status, read = tenant.ask("GET", place)
                yield {"path": place, "status": status, "body": read}


def items(gateway: Gateway) -> list[dict[str, Any]]:
    """Return the raw items of the table, binary values in base64."""
    client = boto3.client("dynamodb")
    pages = client.get_paginator("scan").paginate(TableName=gateway.store.tables["Table"])
    return [encoded(item) for page in pages for item in page["Items"]]


def encoded(value: Any) -> Any:
    """Return a raw value as JSON has it: bytes as a string of latin-1 under `bytes`."""
    match value:
        case bytes():
            return {"bytes": value.decode("latin-1")}
        case dict():
            return {name: encoded(each) for name, each in value.items()}
        case list():
            return [encoded(each) for each in value]
    return value


def decoded(value: Any) -> Any:
    """Return the raw value again."""
    match value:
        case {"bytes": str(text)}:
            return text.encode("latin-1")
        case dict():
            return {name: decoded(each) for name, each in value.items()}
        case list():
            return [decoded(each) for each in value]
    return value


def main(file: str = "") -> None:
    """Write a file of a table: its items, and what was answered from them."""
    target = Path(file) if file else Path(__file__).with_name(f"{__version__}.json.gz")
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        tenants = {name: Tenant(gateway, name) for name in TENANTS}
        for name, tenant in tenants.items():
            write(tenant, name)
        begun = begin(gateway)
        # The fsck of an earlier version may not know all items of the change log: a table for its tests has none.
        events = {} if file else follow(gateway)
        answered = {name: list(answers(tenant, name)) for name, tenant in tenants.items()}
        kept = {
            "version": __version__,
            "answers": answered,
            "begun": begun,
            "events": events,
            "items": items(gateway),
        }
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()
    target.write_bytes(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
