"""`/Bulk` through the whole service: the RFC's examples, the limits, bad input, other tenants."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from local.gateway import Gateway
from scim.access.tenant import Tenant
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import access_in
from tests.gateway.client import ENTERPRISE, ERROR, GROUP, PATCH, USER, Answered, Client

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
LIMITS = {"LogLevel": "ERROR", "MaxBulkOperations": "5", "MaxBulkPayloadBytes": "2000"}


def send(client: Client, *operations: Any, **members: Any) -> Answered:
    body = {"schemas": [REQUEST], "Operations": list(operations), **members}
    return client.send("POST", "/Bulk", body)


def done(client: Client, *operations: Any, **members: Any) -> list[dict[str, Any]]:
    """Return the entries of the BulkResponse."""
    answer = send(client, *operations, **members)
    assert (answer.status, answer.body["schemas"]) == (200, [RESPONSE])
    entries: list[dict[str, Any]] = answer.body["Operations"]
    return entries


def statuses(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["status"] for entry in entries]


def user(name: str, bulk_id: str, **more: Any) -> dict[str, Any]:
    data = {"schemas": [USER], "userName": name, **more}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data}


def group(name: str, bulk_id: str, *members: str) -> dict[str, Any]:
    values = [{"value": each} for each in members]
    data = {"schemas": [GROUP], "displayName": name, "members": values}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data}


def patch(path: str, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"schemas": [PATCH], "Operations": list(operations)}
    return {"method": "PATCH", "path": path, "data": data, **more}


def id_of(entry: dict[str, Any]) -> str:
    return str(entry["location"].rpartition("/")[2])


def count(client: Client) -> int:
    return int(client.send("GET", "/?count=0").body["totalResults"])


# ---- The examples of RFC 7644 section 3.7


def test_a_user_and_a_group_with_it_as_member_are_made_at_once(gateway: Gateway) -> None:
    """RFC 7644 section 3.7.2, the first example."""
    client = Client(gateway)
    made = done(
        client,
        user("Alice", "qwerty"),
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "ytrewq",
            "data": {
                "schemas": [GROUP],
                "displayName": "Tour Guides",
                "members": [{"type": "User", "value": "bulkId:qwerty"}],
            },
        },
    )
    alice, guides = made
    assert alice == {
        "location": f"http://127.0.0.1:8080/scim/v2/Users/{id_of(alice)}",
        "method": "POST",
        "bulkId": "qwerty",
        "version": 'W/"1"',
        "status": "201",
    }
    assert (guides["bulkId"], guides["status"]) == ("ytrewq", "201")
    shown = client.send("GET", f"/Groups/{id_of(guides)}").body
    (member,) = shown["members"]
    assert (member["value"], member["type"]) == (id_of(alice), "User")
    assert member["$ref"] == alice["location"]
    # What is shown has a tag that vouches for the members too.
    assert shown["meta"]["version"].startswith(guides["version"].removesuffix('"'))


def test_a_new_user_is_the_manager_of_another(gateway: Gateway) -> None:
    """RFC 7644 section 3.7.2, the second example: references in extensions."""
    client = Client(gateway)
    extension = {"employeeNumber": "11250", "manager": {"value": "bulkId:qwerty"}}
    bob = user("Bob", "ytrewq", schemas=[USER, ENTERPRISE], **{ENTERPRISE: extension})
    boss, made = done(client, user("Alice's twin", "qwerty"), bob)
    shown = client.send("GET", f"/Users/{id_of(made)}").body[ENTERPRISE]
    assert shown["employeeNumber"] == "11250"
    assert shown["manager"]["value"] == id_of(boss)


def test_two_groups_in_each_other_are_made_and_the_second_says_what_it_lacks(
    gateway: Gateway,
) -> None:
    """RFC 7644 section 3.7.1: tried, and 409 where a circle of groups is not allowed."""
    client = Client(gateway)
    a, b = done(
        client, group("Group A", "qwerty", "bulkId:ytrewq"), group("Group B", "ytrewq", "bulkId:qwerty")
    )  # fmt: skip
    assert (a["status"], b["status"]) == ("201", "409")
    assert b["response"]["schemas"] == [ERROR]
    assert b["response"]["status"] == "409"
    assert "was created" in b["response"]["detail"]
    (member,) = client.send("GET", f"/Groups/{id_of(a)}").body["members"]
    assert member["value"] == id_of(b)
    assert client.send("GET", f"/Groups/{id_of(b)}").body["members"] == []


@pytest.mark.parametrize("size", [1, 2, 3, 20])
@pytest.mark.sampled(4)
def test_users_who_manage_each_other_in_a_circle_are_made(gateway: Gateway, size: int) -> None:
    client = Client(gateway)
    made = done(
        client,
        *[
            user(f"c{size}-{n}", f"u{n}", **{ENTERPRISE: {"manager": {"value": f"bulkId:u{m}"}}})
            for n in range(size)
            for m in [(n + 1) % size]
        ],
    )
    assert statuses(made) == ["201"] * size
    for n, entry in enumerate(made):
        shown = client.send("GET", f"/Users/{id_of(entry)}").body
        assert shown[ENTERPRISE]["manager"]["value"] == id_of(made[(n + 1) % size])
        assert shown["meta"]["version"].startswith(entry["version"].removesuffix('"'))


@pytest.mark.parametrize("named", ["alice3", "bob3"], ids=["all succeed", "POST fails"])
def test_a_user_is_added_others_changed_and_removed(gateway: Gateway, named: str) -> None:
    """RFC 7644 section 3.7.3: failOnErrors 1 and a version for each operation."""
    client = Client(gateway)
    suffix = f"-{named}"
    bob = client.user("bob3" + suffix)
    dave = client.user("dave3" + suffix, nickName="D")
    eve = client.user("eve3" + suffix)
    taken = named + suffix
    entries = done(
        client,
        user(taken, "qwerty"),
        {
            "method": "PUT",
            "path": f"/Users/{bob['id']}",
            "version": bob["meta"]["version"],
            "data": {"schemas": [USER], "id": bob["id"], "userName": "Bob" + suffix},
        },
        patch(
            f"/Users/{dave['id']}",
            {"op": "remove", "path": "nickName"},
            {"op": "add", "path": "userName", "value": "Dave" + suffix},
            version=dave["meta"]["version"],
        ),
        {"method": "DELETE", "path": f"/Users/{eve['id']}", "version": eve["meta"]["version"]},
        failOnErrors=1,
    )
    if named == "bob3":
        (only,) = entries
        assert set(only) == {"method", "bulkId", "status", "response"}
        assert (only["status"], only["response"]["scimType"]) == ("409", "uniqueness")
        assert client.send("GET", f"/Users/{eve['id']}").status == 200
        return
    assert statuses(entries) == ["201", "200", "200", "204"]
    assert [entry["location"] for entry in entries[1:]] == [
        each["meta"]["location"] for each in (bob, dave, eve)
    ]
    assert [entry.get("version") for entry in entries] == ['W/"1"', 'W/"2"', 'W/"2"', None]
    assert "nickName" not in client.send("GET", f"/Users/{dave['id']}").body
    assert client.send("GET", f"/Users/{eve['id']}").status == 404


def test_all_may_fail_and_each_says_why(gateway: Gateway) -> None:
    """RFC 7644 section 3.7.3, the last example: 200, whatever the operations came to."""
    client = Client(gateway)
    bob = client.user("bob4")
    path = f"/Users/{bob['id']}"
    entries = done(
        client,
        {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"schemas": [USER]}},
        {"method": "PUT", "path": path, "version": 'W/"9"', "data": {"userName": "bob"}},
        patch(path, {"op": "remove", "path": "nickName"}, version='W/"9"'),
        {"method": "DELETE", "path": "/Users/e9025315-6bea-44e1-899c-1e07454e468b"},
    )
    assert statuses(entries) == ["400", "412", "412", "404"]
    assert all(entry["response"]["status"] == entry["status"] for entry in entries)
    assert ["location" in entry for entry in entries] == [False, True, True, True]
    assert client.send("GET", path).body == bob


# ---- References


def test_references_lead_from_paths_values_and_filters_in_any_order(gateway: Gateway) -> None:
    client = Client(gateway)
    outsider = client.user("outsider")
    entries = done(
        client,
        patch(
            "/Groups/bulkId:g",
            {"op": "remove", "path": 'members[value eq "bulkId:gone"]'},
            {"op": "add", "path": "members", "value": [{"$ref": "../Users/bulkId:late"}]},
        ),
        {"method": "DELETE", "path": "/Users/bulkId:gone"},
        {
            "method": "PUT",
            "path": "/Users/bulkId:late",
            "data": {"userName": "later", "displayName": "bulkId:g"},
        },
        group("g", "g", "bulkId:gone", outsider["id"]),
        user("gone", "gone"),
        user("late", "late"),
    )
    assert statuses(entries) == ["200", "204", "200", "201", "201", "201"]
    made = id_of(entries[3])
    shown = client.send("GET", f"/Groups/{made}").body
    assert {each["value"] for each in shown["members"]} == {outsider["id"], id_of(entries[5])}
    renamed = client.send("GET", f"/Users/{id_of(entries[5])}").body
    assert (renamed["userName"], renamed["displayName"]) == ("later", made)


_numbers = itertools.count(1)


def _family(number: int) -> list[dict[str, Any]]:
    def report(name: str, manager: str) -> dict[str, Any]:
        extension = {"manager": {"value": f"bulkId:{manager}"}}
        return user(f"{name}.{number}", name, **{ENTERPRISE: extension})

    return [
        report("a", "b"),
        report("b", "a"),
        report("c", "c"),
        group(f"all.{number}", "all", "bulkId:a", "bulkId:some"),
        group(f"some.{number}", "some", "bulkId:b"),
        patch(
            "/Groups/bulkId:some",
            {"op": "add", "path": "members", "value": [{"value": "bulkId:c"}]},
        ),
    ]


@hypothesis_settings(max_examples=5)
@given(order=st.permutations(range(6)))
@pytest.mark.long
def test_any_order_makes_the_same_directory(gateway: Gateway, order: list[int]) -> None:
    client = Client(gateway)
    operations = _family(next(_numbers))
    entries = done(client, *[operations[place] for place in order])
    assert sorted(statuses(entries)) == ["200"] + ["201"] * 5
    ids = {entry["bulkId"]: id_of(entry) for entry in entries if "bulkId" in entry}
    for name, manager in (("a", "b"), ("b", "a"), ("c", "c")):
        shown = client.send("GET", f"/Users/{ids[name]}").body
        assert shown[ENTERPRISE]["manager"]["value"] == ids[manager]
    for name, members in (("all", ("a", "some")), ("some", ("b", "c"))):
        shown = client.send("GET", f"/Groups/{ids[name]}").body
        assert {each["value"] for each in shown["members"]} == {ids[each] for each in members}


def test_one_failure_takes_along_only_what_refers_to_it(gateway: Gateway) -> None:
    client = Client(gateway)
    client.user("taken")
    entries = done(
        client,
        group("lost", "g", "bulkId:bad"),
        patch("/Groups/bulkId:g", {"op": "replace", "path": "displayName", "value": "x"}),
        user("taken", "bad"),
        user("fine", "good"),
    )
    assert statuses(entries) == ["409", "409", "409", "201"]
    assert "bulkId:bad" in entries[0]["response"]["detail"]
    assert "bulkId:g" in entries[1]["response"]["detail"]
    assert entries[2]["response"]["scimType"] == "uniqueness"


@pytest.mark.long
def test_the_first_of_one_name_is_the_one_that_is_made(gateway: Gateway) -> None:
    client = Client(gateway)
    operations = [user(f"one{n // 10}", f"u{n}", title=str(n)) for n in range(30)]
    entries = done(client, *operations)
    assert [n for n, entry in enumerate(entries) if entry["status"] == "201"] == [0, 10, 20]


def test_users_and_their_groups_are_made_side_by_side_and_removed(gateway: Gateway) -> None:
    client = Client(gateway)
    before = count(client)
    names = [(g, n) for g in range(4) for n in range(10)]
    groups = [
        group(f"many{g}", f"g{g}", *[f"bulkId:u{g}.{n}" for n in range(10)]) for g in range(4)
    ]
    users = [user(f"many{g}.{n}", f"u{g}.{n}") for g, n in names]
    entries = done(client, *groups, *users)
    assert set(statuses(entries)) == {"201"}
    assert count(client) == before + 44
    for g, entry in enumerate(entries[:4]):
        shown = client.send("GET", f"/Groups/{id_of(entry)}").body
        own = entries[4 + 10 * g : 14 + 10 * g]
        assert {each["value"] for each in shown["members"]} == {id_of(each) for each in own}
    gone = [{"method": "DELETE", "path": f"/Users/{id_of(entry)}"} for entry in entries[4:]]
    assert set(statuses(done(client, *gone))) == {"204"}
    assert count(client) == before + 4


# ---- Limits


@pytest.fixture(name="limited", scope="module")
def _limited() -> Iterator[Client]:
    with Gateway.start(overrides=LIMITS) as gateway:
        yield Client(gateway)


def test_what_is_advertised_is_what_holds(limited: Client) -> None:
    config = limited.send("GET", "/ServiceProviderConfig").body["bulk"]
    assert config == {"supported": True, "maxOperations": 5, "maxPayloadSize": 2000}


@pytest.mark.parametrize(("number", "status"), [(5, 200), (6, 413)], ids=["N", "N+1"])
def test_the_number_of_operations_is_limited(limited: Client, number: int, status: int) -> None:
    answer = send(limited, *[{"method": "DELETE", "path": "/Users/x"}] * number)
    assert answer.status == status
    if status == 413:
        assert answer.body == {
            "schemas": [ERROR],
            "status": "413",
            "detail": "The number of operations exceeds the maxOperations (5).",
        }


@pytest.mark.parametrize(("size", "status"), [(2000, 200), (2001, 413)], ids=["N", "N+1"])
def test_the_size_of_the_request_is_limited(limited: Client, size: int, status: int) -> None:
    body = {"schemas": [REQUEST], "Operations": [{"method": "DELETE", "path": "/Users/x"}]}
    text = json.dumps(body).encode()
    answer = limited.send("POST", "/Bulk", text + b" " * (size - len(text)))
    assert answer.status == status
    if status == 413:
        assert answer.body == {
            "schemas": [ERROR],
            "status": "413",
            "detail": "The size of the bulk operation exceeds the maxPayloadSize (2000).",
        }


# ---- Bad input

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
def test_what_is_no_bulk_request_is_refused_whole(
    gateway: Gateway, body: object, status: int, scim_type: str | None, named: str
) -> None:
    answer = Client(gateway).send("POST", "/Bulk", body)
    assert (answer.status, answer.body["schemas"]) == (status, [ERROR])
    assert answer.body["status"] == str(status)
    assert answer.body.get("scimType") == scim_type
    assert named in answer.body["detail"]


DATA = {"schemas": [USER], "userName": "bad"}
POST = {"method": "POST", "path": "/Users", "bulkId": "x", "data": DATA}
PUT = {"method": "PUT", "path": "/Users/x", "data": DATA}
DELETE = {"method": "DELETE", "path": "/Users/x"}
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
    pytest.param({**DELETE, "path": "/Users/" + "x" * 3000}, 404, None, "User", id="id long"),
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


def test_of_new_resources_with_one_bulk_id_none_is_made(gateway: Gateway) -> None:
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


# ---- Who may


@pytest.fixture(name="stranger", scope="module")
def _stranger(gateway: Gateway) -> Client:
    """Return a client of another tenant."""
    return _client(gateway, "stranger", "*")


def _client(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
    secret = f"a-token-for-tests-of-{tenant}"
    token = StoredToken(
        token_id=f"t-{tenant}",
        tenant=tenant if scopes == ("*",) else "demo",
        scopes=scopes,
        label="tests",
        created_at="2026-01-01T00:00:00.000Z",
        expires_at="9999-12-31T00:00:00.000Z",
    )
    if scopes == ("*",):
        access.tenants.create(Tenant(tenant, token.created_at))
    access.tokens.save(hash_of(secret), token)
    return Client(gateway, secret)


def test_ids_of_another_tenant_are_as_unknown_as_ids_that_never_were(
    gateway: Gateway, stranger: Client
) -> None:
    owner = Client(gateway)
    victim = owner.user("victim", displayName="V")
    crowd = owner.group("crowd", victim["id"])
    paths = (f"/Users/{victim['id']}", f"/Groups/{crowd['id']}")
    before = [owner.send("GET", path).body for path in paths]

    def tried(name: str, user_id: str, group_id: str) -> str:
        entries = done(
            stranger,
            {"method": "PUT", "path": f"/Users/{user_id}", "data": DATA},
            patch(f"/Users/{user_id}", {"op": "add", "path": "title", "value": "x"}),
            {"method": "DELETE", "path": f"/Users/{user_id}"},
            {"method": "DELETE", "path": f"/Groups/{group_id}", "version": 'W/"1"'},
            {"method": "DELETE", "path": f"/GroupMembers/{group_id}~{user_id}"},
            patch(
                f"/Groups/{group_id}",
                {"op": "remove", "path": f'members[value eq "{user_id}"]'},
            ),
            group(name, "g", user_id),
            patch(
                "/Groups/bulkId:g",
                {"op": "add", "path": "members", "value": [{"value": user_id}]},
            ),
        )
        made = id_of(entries[6])
        assert stranger.send("GET", f"/Groups/{made}").body["members"] == []
        text = json.dumps(entries)
        return text.replace(made, "GROUP").replace(user_id, "U").replace(group_id, "G")

    unknown = "00000000-0000-4000-8000-00000000000"
    assert tried("a", victim["id"], crowd["id"]) == tried("b", f"{unknown}1", f"{unknown}2")
    assert [owner.send("GET", path).body for path in paths] == before


def test_the_bulk_ids_of_one_request_mean_nothing_in_the_next(
    gateway: Gateway, stranger: Client
) -> None:
    done(Client(gateway), user("named", "remembered"))
    for client in (Client(gateway), stranger):
        (entry,) = done(client, {"method": "DELETE", "path": "/Users/bulkId:remembered"})
        assert entry["status"] == "400"


def test_every_operation_needs_the_permission_it_needs_alone(gateway: Gateway) -> None:
    creator = _client(gateway, "creator", "bulk", "users:create")
    made, denied, grouped = done(
        creator,
        user("permitted", "u"),
        {"method": "DELETE", "path": "/Users/bulkId:u"},
        group("forbidden", "g", "bulkId:u"),
    )
    assert (made["status"], denied["status"], grouped["status"]) == ("201", "403", "403")
    assert Client(gateway).send("GET", f"/Users/{id_of(made)}").status == 200


def test_bulk_itself_needs_a_permission(gateway: Gateway) -> None:
    assert send(_client(gateway, "single", "users:*"), DELETE).status == 403
