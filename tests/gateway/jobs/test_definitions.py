"""Jobs and bulk requests of tenants with definitions, a mapping or a profile of their own, which change meanwhile."""

import json
from typing import Any

from local.gateway import Gateway
from scim.schema.message_uri import BULK_REQUEST_URN
from tests.fakes.devices import STORAGE
from tests.gateway.access import administer, make_tenant, secret_of
from tests.gateway.client import USER, Client
from tests.gateway.transfer import (
    at_rest,
    client_of,
    declared,
    ended,
    imported,
    result_of,
    uploaded,
)

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


def waiting(client: Client, content: bytes) -> str:
    """Declare an import, upload its file and return the job's path."""
    job = declared(client, kind="import", format="ndjson").body
    uploaded(job, content)
    return f"/Jobs/{job['id']}"


def results_once_started(client: Client, path: str) -> list[dict[str, Any]]:
    client._gateway.forget_verdicts()
    assert client.send("POST", f"{path}/Start").status == 202
    return result_of(client, path, ended(client, path))


def test_an_import_is_mapped_as_when_it_starts(gateway: Gateway) -> None:
    client = client_of(gateway, "mapped-later")
    path = waiting(client, lines({"schemas": [USER], "userName": "kim"}))
    with at_rest(client):
        at = "/tenants/mapped-later/mapping"
        rules = {"attributes": [{"target": "userType", "value": "Employee"}]}
        administer(gateway, "PUT", f"{at}/draft", document=rules)
        draft = administer(gateway, "GET", at)["draft"]
        administer(gateway, "POST", f"{at}/activate", revision=draft["revision"])
    assert [each["status"] for each in results_once_started(client, path)] == ["201"]
    (user,) = client.send("GET", "/Users").body["Resources"]
    assert user["userType"] == "Employee"


def test_an_import_creates_nothing_of_a_type_removed_before_it_starts(gateway: Gateway) -> None:
    client = client_of(gateway, "removed-later")
    defines(client, tickets())
    path = waiting(client, lines({"schemas": [TICKET], "name": "t1"}))
    defines(client, {"schemas": [], "resourceTypes": []})
    (refused,) = results_once_started(client, path)
    assert (refused["status"], refused["effect"]) == ("400", "error")
    # The type can come back: no resource of it was stored meanwhile.
    defines(client, tickets())
    assert client.send("GET", "/Tickets").body["totalResults"] == 0


def test_a_dry_run_derives_the_names_that_the_import_derives(gateway: Gateway) -> None:
    client = client_of(gateway, "derived-dry")
    named = {"attribute": "name", "from": ["queue"], "unique": True}
    defines(client, tickets(derived=[named]))
    values = [{"queue": "a"}, {"queue": "a"}, {"name": "a-3"}, {"queue": "a"}, {"name": "a-3"}]
    content = lines(*({"schemas": [TICKET], **each} for each in values))
    statuses = [
        [entry["status"] for entry in imported(client, content, format="ndjson", dryRun=is_dry)[1]]
        for is_dry in (True, False)
    ]
    assert statuses == [["201", "201", "201", "201", "409"]] * 2
    names = {each["name"] for each in client.send("GET", "/Tickets").body["Resources"]}
    assert names == {"a", "a-2", "a-3", "a-4"}


def test_an_import_is_read_with_the_profile_in_force_when_it_starts(gateway: Gateway) -> None:
    client = client_of(gateway, "stricter-later")
    path = waiting(client, lines({"schemas": [USER], "userName": "kim", "active": "True"}))
    with at_rest(client):
        make_tenant(gateway, "stricter-later", profile="rfc")
    (refused,) = results_once_started(client, path)
    assert (refused["status"], refused["response"]["scimType"]) == ("400", "invalidValue")


def test_an_export_is_refused_to_filters_that_no_longer_fit(gateway: Gateway) -> None:
    client = client_of(gateway, "fitting")
    defines(client, tickets())
    with at_rest(client):
        secret = secret_of(gateway, "fitting", "*", filters='{"Ticket": "queue eq \\"it\\""}')
    narrow = Client(gateway, secret)
    path = f"/Jobs/{declared(narrow, kind='export', format='ndjson').body['id']}"
    assert ended(narrow, path)["status"] == "completed"
    defines(client, {"schemas": [], "resourceTypes": []})
    refused = declared(narrow, kind="export", format="ndjson")
    assert (refused.status, refused.body) == (403, narrow.send("GET", "/Users").body)


def test_each_line_of_an_import_gets_a_derived_name_of_its_own(gateway: Gateway) -> None:
    client = client_of(gateway, "derived")
    derived = {"attribute": "name", "from": ["queue"], "unique": True}
    defines(client, tickets(derived=[derived]))
    content = lines(*({"schemas": [TICKET], "queue": "it"} for _ in range(6)))
    job, _ = imported(client, content, format="ndjson")
    assert job["operations"] == {"total": 6, "done": 6, "failed": 0}
    stored = client.send("GET", "/Tickets").body["Resources"]
    assert sorted(each["name"] for each in stored) == ["it", *(f"it-{n}" for n in range(2, 7))]


def test_each_operation_of_a_dry_run_gets_a_derived_name_of_its_own(gateway: Gateway) -> None:
    client = client_of(gateway, "derived-dry")
    derived = {"attribute": "name", "from": ["queue"], "unique": True}
    defines(client, tickets(derived=[derived]))
    data = {"schemas": [TICKET], "queue": "it"}
    operations = [
        {"method": "POST", "path": "/Tickets", "bulkId": name, "data": data} for name in "abc"
    ]
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
    tried = client.send("POST", "/Bulk", body, {"Prefer": "dry-run"}).body
    assert [each["status"] for each in tried["Operations"]] == ["201", "201", "201"]
    done = client.send("POST", "/Bulk", body).body
    assert [each["status"] for each in done["Operations"]] == ["201", "201", "201"]
