"""`/Bulk`: operations that refer to each other, in any order and side by side."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from local.gateway import Gateway
from tests.gateway.bulk.operations import (
    count,
    done,
    group,
    id_of,
    patch,
    statuses,
    user,
)
from tests.gateway.client import ENTERPRISE, Client


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


def test_a_failure_fails_only_the_operations_that_refer_to_it(gateway: Gateway) -> None:
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
