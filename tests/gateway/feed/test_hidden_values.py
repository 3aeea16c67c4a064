"""Values that a tenant's schema never returns are in no response, event or file."""

import json
from typing import Any

from local.gateway import Gateway
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.service.feed.events import events_of
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import PATCH, Client
from tests.gateway.transfer import at_rest, exported
from tests.scim.resource.types import THING

BOX = "urn:example:core:1.0:Box"
HIDDEN = {"returned": "never"}
LISTED = [{"name": "value"}, {"name": "code", **HIDDEN}]
DEFINITIONS: dict[str, Any] = {
    "schemas": [
        {
            "id": BOX,
            "name": "Box",
            "attributes": [
                {"name": "label"},
                {"name": "code", **HIDDEN},
                {"name": "lock", "type": "complex", "subAttributes": LISTED},
                {"name": "keys", "type": "complex", "multiValued": True, "subAttributes": LISTED},
            ],
        }
    ],
    "resourceTypes": [{"name": "Box", "endpoint": "/Boxes", "schema": BOX}],
}
VALUES = {
    "code": "SESAME1",
    "lock": {"value": "l", "code": "SESAME2"},
    "keys": [{"value": "k", "code": "SESAME3"}],
}
CHANGES = [
    {"op": "replace", "path": "code", "value": "SESAME4"},
    {"op": "replace", "path": "lock.code", "value": "SESAME5"},
    {"op": "replace", "path": "keys", "value": [{"value": "j", "code": "SESAME6"}]},
    {"op": "replace", "path": "label", "value": "b"},
]


def client_of(gateway: Gateway, tenant: str) -> Client:
    with at_rest(Client(gateway)):
        make_tenant(gateway, tenant)
        first = Client(gateway, secret_of(gateway, tenant, "*"))
    answer = first.send("PUT", "/Definitions", DEFINITIONS)
    assert answer.status == 200, answer.body
    with at_rest(first):
        return Client(gateway, secret_of(gateway, tenant, "*"))


def test_hidden_values_are_in_no_response_and_no_file(gateway: Gateway) -> None:
    client = client_of(gateway, "boxes")
    made = client.send("POST", "/Boxes", {"schemas": [BOX], "label": "a", **VALUES})
    path = f"/Boxes/{made.body['id']}"
    body = {"schemas": [PATCH], "Operations": CHANGES}
    tried = client.send("PATCH", path, body, {"Prefer": "dry-run"})
    patched = client.send("PATCH", path, body)
    gateway.event_sources.pump()
    audit = client.send("GET", "/Audit?kind=change")
    answers = [made, tried, patched, audit, client.send("GET", "/Boxes")]
    assert [each.status for each in answers] == [201, 200, 200, 200, 200]
    assert [each["operation"] for each in audit.body["Resources"]] == ["patch", "create"]
    columns = {"label": "label", "a": "code", "b": "lock.code", "c": "keys.code"}
    files = [
        exported(client, format="ndjson"),
        exported(client, format="bulk"),
        exported(client, format="csv", mapping={"columns": columns}),
    ]
    assert "SESAME" not in json.dumps([each.body for each in answers])
    assert b"label" in files[0]
    assert b"SESAME" not in b"".join(files)


def test_hidden_values_stay_hidden_when_they_are_no_longer_defined(gateway: Gateway) -> None:
    client = client_of(gateway, "former-boxes")
    made = client.send("POST", "/Boxes", {"schemas": [BOX], "label": "a", **VALUES})
    path = f"/Boxes/{made.body['id']}"
    client.send("PATCH", path, {"schemas": [PATCH], "Operations": CHANGES})
    assert client.send("DELETE", path).status == 204
    gateway.event_sources.pump()
    schema, *_ = DEFINITIONS["schemas"]
    label, _, lock, _ = schema["attributes"]
    plain_lock = {**lock, "subAttributes": [{"name": "value"}]}
    fewer = {**DEFINITIONS, "schemas": [{**schema, "attributes": [label, plain_lock]}]}
    answer = client.send("PUT", "/Definitions", fewer)
    assert answer.status == 200, answer.body
    with at_rest(client):
        later = Client(gateway, secret_of(gateway, "former-boxes", "*"))
    audit = later.send("GET", "/Audit?kind=change").body["Resources"]
    assert [each["operation"] for each in audit] == ["delete", "patch", "create"]
    assert audit[-1]["after"] == {"label": "a", "lock": {"value": "l"}}
    assert "SESAME" not in json.dumps(audit)


def test_hidden_values_are_in_no_event() -> None:
    maker = {"value": "7", "site": "x", "secret": "SESAME1"}
    feed = Feed(is_full=True)

    def events(after: dict[str, Any]) -> dict[str, Any]:
        entry = LogEntry(Key("Thing", "1"), 2, 1, "", "patch", before={"maker": maker}, after=after)
        return events_of(entry, THING, feed)

    (full,) = events({"maker": {**maker, "site": "y", "secret": "SESAME2"}}).values()
    (operation,) = full["data"]["Operations"]
    assert operation == {"op": "replace", "path": "maker", "value": {"value": "7", "site": "y"}}
    ((name, notice),) = events({"maker": {**maker, "secret": "SESAME2"}}).items()
    assert (name.rpartition(":")[2], notice["attributes"]) == ("notice", ["maker"])


def test_the_event_of_a_creation_has_what_is_returned_on_request_but_nothing_hidden() -> None:
    maker = {"value": "7", "rating": 3, "secret": "SESAME1"}
    body = {"label": "a", "notes": ["n"], "maker": maker}
    entry = LogEntry(Key("Thing", "1"), 1, 0, "", "create", after=body)
    (event,) = events_of(entry, THING, Feed(is_full=True)).values()
    shown = {"label": "a", "notes": ["n"], "maker": {"value": "7", "rating": 3}}
    assert event["data"] == {"schemas": [THING.schema.id], "id": "1", **shown}
