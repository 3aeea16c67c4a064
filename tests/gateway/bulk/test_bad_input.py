"""`/Bulk`: requests that are refused whole, and operations that fail alone."""

import json
from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.bulk.operations import (
    DATA,
    DELETE,
    POST,
    PUT,
    REQUEST,
    count,
    done,
    group,
    id_of,
    patch,
    send,
    statuses,
    user,
)
from tests.gateway.client import ERROR, GROUP, USER, Client

WHOLE: list[Any] = [
    pytest.param(b"", 400, "invalidSyntax", "empty", id="empty"),
    pytest.param(b'{"schemas":["%s"],"Operations":[{' % REQUEST.encode(), 400, "invalidSyntax", "line 1", id="stops half way"),
    pytest.param(b"[]", 400, "invalidSyntax", "JSON object", id="array"),
    pytest.param(b'{"Operations":[],"operations":[]}', 400, "invalidSyntax", "twice", id="twice"),
    pytest.param(b'{"Operations":[{"method":"POST","METHOD":"DELETE"}]}', 400, "invalidSyntax", "twice", id="method twice"),
    pytest.param(b"\xff", 400, "invalidSyntax", "UTF-8", id="bytes"),
    pytest.param({"Operations": [1], "schemas": [USER]}, 400, "invalidSyntax", "schemas", id="foreign schemas"),
    pytest.param({"Operations": [1], "schemas": "urn:x"}, 400, "invalidSyntax", "schemas", id="schemas a foreign string"),
    pytest.param({"schemas": [REQUEST]}, 400, "invalidSyntax", "Operations", id="no operations"),
    pytest.param({"schemas": [REQUEST], "Operations": []}, 400, "invalidSyntax", "empty", id="none"),
    pytest.param({"schemas": [REQUEST], "Operations": {}}, 400, "invalidSyntax", "array", id="an empty object"),
    pytest.param({"schemas": [REQUEST], "Operations": ["POST"]}, 400, "invalidSyntax", "Operations[0]", id="a string inside"),
    pytest.param({"schemas": [REQUEST], "Operations": [[]]}, 400, "invalidSyntax", "Operations[0]", id="an array inside"),
    pytest.param({"schemas": [REQUEST], "Operations": [{}], "failOnErrors": "1"}, 400, "invalidSyntax", "failOnErrors", id="failOnErrors text"),
    pytest.param({"schemas": [REQUEST], "Operations": [{}], "failOnErrors": -1}, 400, "invalidValue", "failOnErrors", id="failOnErrors negative"),
    pytest.param({"schemas": [REQUEST], "Operations": [{}], "failOnErrors": True}, 400, "invalidSyntax", "failOnErrors", id="failOnErrors boolean"),
    pytest.param({"schemas": [REQUEST], "Operations": [{}] * 1001}, 413, None, "maxOperations (1000)", id="too many"),
    pytest.param(b'{"x":"' + b"y" * 1_048_576 + b'"}', 413, None, "maxPayloadSize (1048576)", id="too large"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "scim_type", "named"), WHOLE)
def test_a_malformed_bulk_request_is_refused_as_a_whole(
    gateway: Gateway, body: object, status: int, scim_type: str | None, named: str
) -> None:
    answer = Client(gateway).send("POST", "/Bulk", body)
    assert (answer.status, answer.body["schemas"]) == (status, [ERROR])
    assert answer.body["status"] == str(status)
    assert answer.body.get("scimType") == scim_type
    assert named in answer.body["detail"]


BULK_IN_BULK = {"schemas": [REQUEST], "Operations": [POST]}


def _members(*values: object) -> dict[str, object]:
    data = {"schemas": [GROUP], "displayName": "bad", "members": list(values)}
    return {"method": "POST", "path": "/Groups", "bulkId": "x", "data": data}


ONE: list[Any] = [
    pytest.param({}, 400, "invalidSyntax", "method", id="nothing"),
    pytest.param({**POST, "method": None}, 400, "invalidSyntax", "method", id="method null"),
    pytest.param({**POST, "method": 7}, 400, "invalidSyntax", "method", id="method a number"),
    pytest.param({**POST, "method": "CREATE"}, 400, "invalidSyntax", "method", id="method unknown"),
    pytest.param({**DELETE, "method": "GET"}, 400, "invalidSyntax", "method", id="GET"),
    pytest.param({**POST, "path": None}, 400, "invalidValue", "path", id="path missing"),
    pytest.param({**POST, "path": 1}, 400, "invalidSyntax", "path", id="path a number"),
    pytest.param({**POST, "path": "/"}, 404, None, "path", id="path the root"),
    pytest.param({**POST, "path": "/Cars"}, 404, None, "path", id="path unknown"),
    pytest.param({**POST, "path": "/uSERS"}, 404, None, "path", id="path in mixed case"),
    pytest.param({**POST, "path": "/Users/.search"}, 405, None, "POST", id="path a search"),
    pytest.param({**POST, "path": "/Schemas"}, 404, None, "path", id="path a schema"),
    pytest.param({**POST, "path": "/Me"}, 404, None, "path", id="path oneself"),
    pytest.param({**POST, "path": "/Users?attributes=id"}, 404, None, "path", id="path with query"),
    pytest.param({**POST, "path": "http://h/scim/v2/Users"}, 404, None, "path", id="path absolute"),
    pytest.param({**POST, "path": "/../acme/Users"}, 404, None, "path", id="path upwards"),
    pytest.param({**POST, "path": "/Bulk", "data": BULK_IN_BULK}, 404, None, "path", id="bulk in bulk"),
    pytest.param({**POST, "path": "/Users/x"}, 405, None, "POST", id="POST an item"),
    pytest.param({**PUT, "path": "/Users"}, 405, None, "PUT", id="PUT a collection"),
    pytest.param({**DELETE, "path": "/Users"}, 405, None, "DELETE", id="DELETE a collection"),
    pytest.param(DELETE, 404, None, "User", id="DELETE nobody"),
    pytest.param({**DELETE, "path": "/Users/T%23demo%23Group"}, 404, None, "User", id="id a key"),
    pytest.param({**DELETE, "path": "/Users/" + "x" * 1900}, 404, None, "User", id="id long"),
    pytest.param({**DELETE, "path": "/Users/" + "x" * 3000}, 400, "invalidValue", "path", id="path too long"),
    pytest.param({**POST, "bulkId": "x" * 3000}, 400, "invalidValue", "bulkId", id="bulkId too long"),
    pytest.param({**DELETE, "version": 1}, 400, "invalidSyntax", "version", id="version a number"),
    pytest.param({**POST, "bulkId": None}, 400, "invalidValue", "bulkId", id="bulkId missing"),
    pytest.param({**POST, "bulkId": ""}, 400, "invalidValue", "bulkId", id="bulkId empty"),
    pytest.param({**POST, "bulkId": ["x"]}, 400, "invalidSyntax", "bulkId", id="bulkId an array"),
    pytest.param({**POST, "data": None}, 400, "invalidValue", "data", id="data missing"),
    pytest.param({**POST, "data": "{}"}, 400, "invalidSyntax", "data", id="data text"),
    pytest.param({**POST, "data": [DATA]}, 400, "invalidSyntax", "data", id="data an array"),
    pytest.param({**POST, "data": {}}, 400, "invalidValue", "userName", id="data empty"),
    pytest.param({**POST, "data": {**DATA, "userName": True}}, 400, "invalidValue", "userName", id="data of wrong type"),
    pytest.param({**POST, "data": {**DATA, "schemas": 7}}, 400, "invalidSyntax", "schemas", id="data schemas"),
    pytest.param({**POST, "data": {**DATA, "title": "bulkId:nobody"}}, 400, "invalidValue", "bulkId:nobody", id="bulkId unknown in text"),
    pytest.param(_members({"value": "bulkId:nobody"}), 400, "invalidValue", "bulkId:nobody", id="bulkId unknown"),
    pytest.param(_members({"$ref": "../Users/bulkId:nobody"}), 400, "invalidValue", "bulkId:nobody", id="bulkId unknown in $ref"),
    pytest.param(_members({"value": "bulkId:"}), 400, "invalidValue", "bulkId:", id="bulkId empty in data"),
    pytest.param(_members({"display": "nobody"}), 400, "invalidValue", "members[0]", id="member without id"),
    pytest.param({**DELETE, "path": "/Users/bulkId:nobody"}, 400, "invalidValue", "bulkId:nobody", id="bulkId unknown in path"),
    pytest.param({**PUT, "method": "PATCH"}, 400, "invalidSyntax", "Operations", id="PATCH a resource"),
    pytest.param(patch("/Users/x"), 404, None, "no User", id="PATCH nothing of nobody"),
    pytest.param(patch("/Users/x", {"op": "move"}), 400, "invalidSyntax", "Operations[0].op", id="PATCH op"),
    pytest.param(patch("/Groups/x", {"op": "remove", "path": 'members[value eq "bulkId:nobody"]'}), 400, "invalidValue", "bulkId:nobody", id="bulkId unknown in filter"),
    pytest.param({**POST, "path": "/GroupMembers"}, 404, None, "", id="type that is not served"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "status", "scim_type", "named"), ONE)
@pytest.mark.sampled(4)
def test_a_bad_operation_fails_alone(
    gateway: Gateway, operation: object, status: int, scim_type: str | None, named: str
) -> None:
    client = Client(gateway)
    before = count(client)
    friend = client.user("friend")
    bad, good = done(client, operation, {"method": "DELETE", "path": f"/Users/{friend['id']}"})
    assert good["status"] == "204"
    assert bad["status"] == str(status)
    assert bad["response"]["schemas"] == [ERROR]
    assert bad["response"]["status"] == str(status)
    assert bad["response"].get("scimType") == scim_type
    assert named in bad["response"]["detail"]
    assert count(client) == before


def test_new_resources_that_share_a_bulk_id_are_all_refused(gateway: Gateway) -> None:
    client = Client(gateway)
    before = count(client)
    entries = done(
        client, user("d1", "same"), user("d2", "same"), group("d", "g", "bulkId:same"), user("d3", "own")
    )  # fmt: skip
    assert statuses(entries) == ["400", "400", "409", "201"]
    assert count(client) == before + 1


def test_a_group_in_itself_is_made_without_itself(gateway: Gateway) -> None:
    client = Client(gateway)
    (only,) = done(client, group("self", "g", "bulkId:g"))
    assert only["status"] == "409"
    assert client.send("GET", f"/Groups/{id_of(only)}").body["members"] == []


def test_a_password_that_looks_like_a_reference_is_a_password(gateway: Gateway) -> None:
    client = Client(gateway)
    answer = send(client, user("secretive", "u", password="bulkId:canary"))
    assert statuses(answer.body["Operations"]) == ["201"]
    assert "canary" not in json.dumps(answer.body)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_served(gateway: Gateway, method: str) -> None:
    answer = Client(gateway).send(method, "/Bulk", {})
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/Bulk", "/Bulk/"])
def test_bulk_is_found_however_it_is_spelt(gateway: Gateway, path: str) -> None:
    body = {"schemas": [REQUEST], "Operations": [DELETE]}
    assert Client(gateway).send("POST", path, body).status == 200
