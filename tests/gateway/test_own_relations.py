"""Attributes of a tenant's own types that link to something, as their schema defines them."""

from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client

TREE = "urn:example:core:1.0:Tree"
STORAGE = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"
PARTS: dict[str, dict[str, Any]] = {
    "value": {"caseExact": True},
    "$ref": {"type": "reference", "referenceTypes": ["Tree"]},
    "display": {},
    "type": {},
}


def trees(parts: dict[str, dict[str, Any]], **attribute: Any) -> dict[str, Any]:
    """Return definitions of trees with `branches`, mirrored in `stems`."""
    subs = [{"name": name, **part} for name, part in parts.items()]
    read_only = [{**sub, "mutability": "readOnly"} for sub in subs]
    linked = {"type": "complex", "multiValued": True, **attribute}
    attributes = [
        {"name": "displayName"},
        {"name": "branches", **linked, "subAttributes": subs},
        {"name": "stems", **linked, "mutability": "readOnly", "subAttributes": read_only},
    ]
    relation = {"attribute": "branches", "targets": ["Tree"], "backLink": "stems"}
    return {
        "schemas": [{"id": TREE, "name": "Tree", "attributes": attributes}],
        "resourceTypes": [
            {
                "name": "Tree",
                "endpoint": "/Trees",
                "schema": TREE,
                STORAGE: {"relations": [relation]},
            }
        ],
    }


def shown(client: Client) -> list[list[dict[str, Any]]]:
    """Return a branch and its stem, without what all resources have, as each kind of response shows them."""
    branch = client._made("/Trees", {"schemas": [TREE], "displayName": "branch"})["id"]
    body = {"schemas": [TREE], "displayName": "stem", "branches": [{"value": branch}]}
    stem = client._made("/Trees", body)["id"]
    ids = {branch: "BRANCH", stem: "STEM"}

    def own(resource: dict[str, Any]) -> dict[str, Any]:
        for name in ("branches", "stems"):
            for value in resource.get(name, ()):
                value["value"] = ids[value["value"]]
        return {n: v for n, v in resource.items() if n not in ("schemas", "id", "meta")}

    read = [client.send("GET", f"/Trees/{each}").body for each in (branch, stem)]
    listed = client.send("GET", "/Trees").body["Resources"]
    found = client.send("GET", "/Trees?filter=displayName%20pr&sortBy=displayName").body
    for each in read:
        put = client.send("PUT", f"/Trees/{each['id']}", each)
        assert put.status == 200, put.body
    by_name = sorted(listed, key=lambda each: str(each["displayName"]))
    return [[own(each) for each in kind] for kind in (read, by_name, found["Resources"])]


def client_of(gateway: Gateway, tenant: str, definitions: dict[str, Any]) -> Client:
    make_tenant(gateway, tenant, profile="rfc")
    answer = Client(gateway, secret_of(gateway, tenant, "*")).send(
        "PUT", "/Definitions", definitions
    )
    assert answer.status == 200, answer.body
    return Client(gateway, secret_of(gateway, tenant, "*"))


def test_values_have_only_the_parts_that_the_schema_defines(gateway: Gateway) -> None:
    client = client_of(gateway, "bare", trees({"value": PARTS["value"]}))
    expected = [
        {"displayName": "branch", "branches": [], "stems": [{"value": "STEM"}]},
        {"displayName": "stem", "branches": [{"value": "BRANCH"}]},
    ]
    assert shown(client) == [expected, expected, expected]


def test_parts_that_are_not_returned_are_in_no_response(gateway: Gateway) -> None:
    hidden = {**PARTS, "display": {"returned": "request"}, "type": {"returned": "never"}}
    client = client_of(gateway, "parts", trees({**hidden, "$ref": {"returned": "request"}}))
    expected = [
        {"displayName": "branch", "branches": [], "stems": [{"value": "STEM"}]},
        {"displayName": "stem", "branches": [{"value": "BRANCH"}]},
    ]
    assert shown(client) == [expected, expected, expected]


@pytest.mark.parametrize("returned", ["never", "request"])
def test_a_hidden_relation_does_not_tell_that_it_is_empty(gateway: Gateway, returned: str) -> None:
    client = client_of(gateway, f"hidden-{returned}", trees(PARTS, returned=returned))
    expected = [{"displayName": "branch"}, {"displayName": "stem"}]
    assert shown(client) == [expected, expected, expected]


def test_a_link_to_elsewhere_keeps_its_reference_when_its_text_changes(gateway: Gateway) -> None:
    definitions = trees(PARTS)
    reference = {"name": "$ref", "type": "reference", "referenceTypes": ["external"]}
    page = {"name": "page", "type": "complex", "subAttributes": [{"name": "value"}, reference]}
    definitions["schemas"][0]["attributes"].append(page)
    client = client_of(gateway, "pages", definitions)
    link = {"value": "Oak", "$ref": "https://example.com/oak"}
    made = client._made("/Trees", {"schemas": [TREE], "page": link})
    put = client.send("PUT", f"/Trees/{made['id']}", {**made, "page": {**link, "value": "Beech"}})
    assert put.body["page"] == {"value": "Beech", "$ref": "https://example.com/oak"}
