"""`/Bulk` through the whole service: the examples of RFC 7644 section 3.7."""

import pytest

from local.gateway import Gateway
from tests.gateway.bulk.operations import done, group, id_of, patch, statuses, user
from tests.gateway.client import ENTERPRISE, ERROR, GROUP, USER, Client


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


def test_two_groups_in_each_other_are_created_and_the_second_reports_the_missing_member(
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
