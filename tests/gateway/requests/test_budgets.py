"""The cost of requests in round trips and capacity units, as the meter of the store counts it."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bench.caller import Caller, Cost
from local.gateway import Gateway

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.fixture(
    name="caller",
    scope="module",
    params=["moto", pytest.param("dynamodb-local", marks=pytest.mark.dynamodb)],
)
def _caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    overrides = {"LogLevel": "ERROR", "SCIM_METER": "1"}
    with Gateway.start(request.param, overrides) as gateway:
        yield Caller(gateway)


@pytest.fixture(name="people", scope="module")
def _people(caller: Caller) -> list[str]:
    return [person(caller, f"kim{number}").body["id"] for number in range(12)]


def person(caller: Caller, name: str) -> Any:
    email = {"value": f"{name}@example.com", "type": "work"}
    body = {"schemas": [USER], "userName": name, "externalId": f"x-{name}", "emails": [email]}
    return caller.call("POST", "/Users", body, 201)


def group(caller: Caller, members: list[str]) -> Any:
    values = [{"value": each} for each in members]
    body = {"schemas": [GROUP], "displayName": str(uuid.uuid4()), "members": values}
    return caller.call("POST", "/Groups", body, 201)


def adding(caller: Caller, people: list[str]) -> Cost:
    made = group(caller, [])
    operation = {"op": "add", "path": "members", "value": [{"value": people[0]}]}
    return caller.patch(f"/Groups/{made.body['id']}", operation, expected=200).cost


def retitled(caller: Caller, people: list[str]) -> Cost:
    """Patch a user whom no row puts in a group: the groups of one are read for the answer."""
    operation = {"op": "replace", "path": "title", "value": "Engineer"}
    return caller.patch(f"/Users/{people[-1]}", operation, expected=200).cost


def ids_of_members(caller: Caller, people: list[str]) -> Cost:
    made = group(caller, people[:5])
    return caller.call("GET", f"/Groups/{made.body['id']}?attributes=members.value").cost


def removing(caller: Caller, people: list[str]) -> Cost:
    made = group(caller, people[:10])
    operation = {"op": "remove", "path": f'members[value eq "{people[0]}"]'}
    return caller.patch(f"/Groups/{made.body['id']}", operation).cost


def renamed(caller: Caller, people: list[str]) -> Cost:
    made = group(caller, people[:10])
    operation = {"op": "replace", "path": "displayName", "value": str(uuid.uuid4())}
    return caller.patch(f"/Groups/{made.body['id']}", operation).cost


def group_without_members(caller: Caller, people: list[str]) -> Cost:
    made = group(caller, people[:10])
    return caller.call("GET", f"/Groups/{made.body['id']}?excludedAttributes=members").cost


def is_in_group(caller: Caller, people: list[str]) -> Cost:
    made = group(caller, people[:10])
    asked = f'id eq "{made.body["id"]}" and members.value eq "{people[0]}"'
    return caller.search("/Groups", asked, "&excludedAttributes=members").cost


def deleted(caller: Caller, people: list[str]) -> Cost:
    joined = person(caller, "leaves").body["id"]
    for _ in range(5):
        group(caller, [joined])
    trips = caller.call("DELETE", f"/Users/{joined}", expected=204).cost.round_trips
    return Cost(trips, 0, 0)


def looked_up_by_others(caller: Caller, _: list[str]) -> Cost:
    others = Caller(caller.gateway.beside())
    others.search("/Users", 'userName eq "kim10"')
    return others.search("/Users", 'userName eq "kim11"').cost


ROWS: list[tuple[str, Callable[[Caller, list[str]], Cost], Cost]] = [
    ("create-user", lambda c, _: person(c, "new").cost, Cost(1, 0, 14)),
    ("get-user", lambda c, p: c.call("GET", f"/Users/{p[11]}").cost, Cost(1, 1, 0)),
    ("user-name-eq", looked_up_by_others, Cost(2, 2, 0)),
    (
        "user-name-eq-seen-before",
        lambda c, _: c.search("/Users", 'userName eq "kim11"').cost,
        Cost(1, 1, 0),
    ),
    (
        "external-id-eq",
        lambda c, _: c.search("/Users", 'externalId eq "x-kim11"').cost,
        Cost(2, 2, 0),
    ),
    (
        "emails-value-eq",
        lambda c, _: c.search("/Users", 'emails.value eq "kim11@example.com"').cost,
        Cost(2, 2, 0),
    ),
    ("list-of-100", lambda c, _: c.call("GET", "/Users?count=100").cost, Cost(3, 60, 0)),
    ("patch-user", retitled, Cost(2, 1, 3)),
    ("create-group-without-members", lambda c, _: group(c, []).cost, Cost(1, 0, 8)),
    ("create-group-of-1", lambda c, p: group(c, p[:1]).cost, Cost(2, 1, 12)),
    ("create-group-of-3", lambda c, p: group(c, p[:3]).cost, Cost(2, 3, 20)),
    ("add-the-first-member", adding, Cost(2, 2, 7)),
    ("ids-of-members", ids_of_members, Cost(3, 3, 0)),
    ("remove-a-member", removing, Cost(2, 2, 7)),
    ("rename-a-group", renamed, Cost(2, 2, 8)),
    ("group-without-members", group_without_members, Cost(1, 1, 0)),
    ("is-in-group", is_in_group, Cost(2, 2, 0)),
    ("delete-a-user-in-groups", deleted, Cost(3, 0, 0)),
]


@pytest.mark.parametrize(("asked", "most"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_request_costs_no_more(
    caller: Caller, people: list[str], asked: Callable[[Caller, list[str]], Cost], most: Cost
) -> None:
    cost = asked(caller, people)
    assert cost.round_trips <= most.round_trips, cost
    assert cost.rcu <= most.rcu, cost
    assert cost.wcu <= most.wcu, cost


@pytest.mark.parametrize(
    ("change", "most"),
    [
        (lambda members, _: members, Cost(4, 3, 6)),
        (lambda members, _: members[1:], Cost(4, 3, 10)),
        (lambda members, new: [*members, new], Cost(5, 4, 10)),
    ],
    ids=["none", "one-less", "one-more"],
)
def test_replacing_a_group_reads_only_members_that_change(
    caller: Caller,
    people: list[str],
    change: Callable[[list[str], str], list[str]],
    most: Cost,
) -> None:
    members = [person(caller, f"replaced-{uuid.uuid4()}").body["id"] for _ in range(20)]
    made = group(caller, members).body["id"]
    values = [{"value": each} for each in change(members, people[0])]
    body = {"schemas": [GROUP], "displayName": str(uuid.uuid4()), "members": values}
    cost = caller.call("PUT", f"/Groups/{made}?attributes=displayName", body).cost
    assert cost.round_trips <= most.round_trips, cost
    assert cost.rcu <= most.rcu, cost
    assert cost.wcu <= most.wcu, cost


def test_names_of_groups_are_read_once_in_some_seconds_where_reads_may_lag(
    caller: Caller,
) -> None:
    joined = person(caller, "joins").body["id"]
    for _ in range(5):
        group(caller, [joined])
    relaxed = {"SCIM_CONSISTENT_READS": "0", "SCIM_NAME_SECONDS": "300"}
    others = Caller(caller.gateway.beside(variables=relaxed))
    others.search("/Users", 'userName eq "kim7"')
    first, second = (others.search("/Users", 'userName eq "joins"') for _ in range(2))
    assert len(second.body["Resources"][0]["groups"]) == 5
    assert first.body == second.body
    assert first.cost == Cost(3, 4, 0)
    # The user was seen before, too.
    assert second.cost == Cost(1, 1, 0)


def test_a_new_group_shows_who_is_in_it_as_reading_it_does(
    caller: Caller, people: list[str]
) -> None:
    made = group(caller, [people[3], people[1], people[2]])
    read = caller.call("GET", f"/Groups/{made.body['id']}")
    assert made.body == read.body
    assert [each["display"] for each in made.body["members"]]


def test_a_first_member_is_shown_as_reading_the_group_does(
    caller: Caller, people: list[str]
) -> None:
    made = group(caller, [])
    operation = {"op": "add", "path": "members", "value": [{"value": people[4]}]}
    patched = caller.patch(f"/Groups/{made.body['id']}", operation, expected=200)
    read = caller.call("GET", f"/Groups/{made.body['id']}")
    assert patched.body == read.body


def test_exchanged_members_are_shown_as_reading_the_group_does(
    caller: Caller, people: list[str]
) -> None:
    made = group(caller, people[:1])
    operations = [
        {"op": "remove", "path": f'members[value eq "{people[0]}"]'},
        {"op": "add", "path": "members", "value": [{"value": people[5]}]},
    ]
    patched = caller.patch(f"/Groups/{made.body['id']}", *operations, expected=200)
    read = caller.call("GET", f"/Groups/{made.body['id']}")
    assert patched.body == read.body
    assert [each["value"] for each in patched.body["members"]] == [people[5]]


def test_names_of_members_are_shown_when_asked_for(caller: Caller, people: list[str]) -> None:
    made = group(caller, people[:3])
    path = f"/Groups/{made.body['id']}?attributes="
    named = caller.call("GET", f"{path}members.display").body["members"]
    assert sorted(each["display"] for each in named) == ["kim0", "kim1", "kim2"]
    plain = caller.call("GET", f"{path}members.value").body["members"]
    assert [sorted(each) for each in plain] == [["value"]] * 3
