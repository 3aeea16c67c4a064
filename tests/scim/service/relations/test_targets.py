"""The resources that the values of a relation name, whatever their type."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidValue, PayloadTooLarge
from scim.profile import Profile, Tolerance
from scim.profile.parts import Domains
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Link, Record
from scim.resource.relations import Related
from scim.service.attempt import Reading
from scim.service.endpoint import Bounds
from scim.service.relations.changes import delta_of, edges_of, resolved, sent_by_id, usual_keys
from tests.fakes.endpoint import NOW, STRICT, FakeDeployment, type_of

MEMBERS = type_of("Group").relations[0]
IN_G1 = {Link("Group", "members"): frozenset({"g1"})}


def _user(id_: str, **more: Any) -> Record:
    return Record(Key("User", id_), 1, NOW, NOW, {"userName": id_}, **more)


def _group(id_: str) -> Record:
    return Record(Key("Group", id_), 1, NOW, NOW, {"displayName": id_})


def _sent(*ids: str, type_: str | None = None) -> dict[str, Related]:
    return {each: Related(each, type_) for each in ids}


def test_values_are_distinguished_by_their_id() -> None:
    values = [{"value": "a", "type": "user"}, {"$ref": "../Groups/b"}, {"value": "a"}]
    sent = sent_by_id(FakeDeployment().endpoint("Group"), MEMBERS, values)
    assert {id_: each.type for id_, each in sent.items()} == {"a": "User", "b": "Group"}


@pytest.mark.parametrize("value", [{}, {"display": "Anna"}, {"value": " "}], ids=str)
def test_a_value_without_an_id_is_refused_by_its_place(value: Any) -> None:
    with pytest.raises(InvalidValue, match=r"members\[1\]"):
        sent_by_id(FakeDeployment().endpoint("Group"), MEMBERS, [{"value": "a"}, value])


def test_the_type_the_client_named_is_looked_at_first_else_the_usual_one() -> None:
    sent = {**_sent("a"), **_sent("b", type_="Group"), **_sent("c", type_="User")}
    assert usual_keys(MEMBERS, sent) == [Key("User", "a"), Key("Group", "b"), Key("User", "c")]


@pytest.mark.parametrize("told", [None, "User", "Group"])
def test_a_target_is_found_although_the_client_names_another_type(told: str | None) -> None:
    deployment = FakeDeployment()
    anna, sales = deployment.user("anna"), deployment.group("Sales")
    endpoint = deployment.endpoint("Group")
    found = resolved(endpoint, MEMBERS, _sent(anna, sales, type_=told), Reading(endpoint))
    assert {id_: each.key.type for id_, each in found.targets.items()} == {
        anna: "User",
        sales: "Group",
    }
    assert found.tolerated == frozenset()


def test_a_missing_target_is_left_out_and_reported_where_that_is_tolerated() -> None:
    endpoint = FakeDeployment().endpoint("Group")
    found = resolved(endpoint, MEMBERS, _sent("nobody"), Reading(endpoint))
    assert found.targets == {}
    assert found.tolerated == {Tolerance.UNKNOWN_TARGETS}


def test_missing_targets_are_refused_where_they_are_not_tolerated() -> None:
    endpoint = FakeDeployment(profile=STRICT).endpoint("Group")
    with pytest.raises(
        InvalidValue, match=r"members names 2 resource.*expected the id of a User or"
    ):
        resolved(endpoint, MEMBERS, _sent("x", "y"), Reading(endpoint))


def test_more_values_than_one_request_may_have_are_refused_unread() -> None:
    endpoint = FakeDeployment(bounds=Bounds(members=2)).endpoint("Group")
    with pytest.raises(PayloadTooLarge, match="members has 3 values in one request; at most 2"):
        resolved(endpoint, MEMBERS, _sent("x", "y", "z"), Reading(endpoint))


def test_only_new_links_are_added_and_only_existing_ones_removed() -> None:
    old, new = _user("old", links=IN_G1), _user("new")
    absent, gone = _user("absent"), _user("gone", links=IN_G1)
    sent = {"old": Related("old"), "new": Related("new", sent={"display": "New", "type": "User"})}
    delta = delta_of(_group("g1"), MEMBERS, sent, {"old": old, "new": new}, [absent, gone])
    assert delta.added == (Edge(Key("User", "new"), {"display": "New"}),)
    assert delta.removed == (Key("User", "gone"),)


def test_being_in_another_group_is_no_link_to_this_one() -> None:
    user = _user("u", links={Link("Group", "members"): frozenset({"g2"})})
    delta = delta_of(_group("g1"), MEMBERS, _sent("u"), {"u": user}, ())
    assert [edge.target.id for edge in delta.added] == ["u"]


def test_a_resource_is_no_value_of_its_own_relation() -> None:
    with pytest.raises(InvalidValue, match="members must not contain the resource itself"):
        delta_of(_group("g1"), MEMBERS, _sent("g1"), {"g1": _group("g1")}, ())


def test_a_member_with_no_room_for_another_link_is_refused_by_its_id() -> None:
    full, linked = (
        replace(_user("full"), is_full=True),
        replace(_user("old", links=IN_G1), is_full=True),
    )
    with pytest.raises(PayloadTooLarge, match="members names full, to which so many"):
        edges_of(MEMBERS, _sent("full"), {"full": full})
    with pytest.raises(PayloadTooLarge, match="members names full, to which so many"):
        delta_of(_group("g1"), MEMBERS, _sent("full", "old"), {"full": full, "old": linked}, ())
    delta = delta_of(_group("g1"), MEMBERS, _sent("old"), {"old": linked}, [full])
    assert delta == EdgeDelta("members")


def test_the_edges_of_a_new_resource_are_all_new() -> None:
    sent = {"a": Related("a", sent={"display": "A"}), "b": Related("b", sent={"display": 7})}
    edges = edges_of(MEMBERS, sent, {"a": _user("a"), "b": _user("b")})
    assert edges == (Edge(Key("User", "a"), {"display": "A"}), Edge(Key("User", "b")))


def test_a_name_the_client_sent_is_plain_where_names_say_a_domain() -> None:
    domains = Domains(names={"Group": ("displayName", "members.display")})
    values = [{"value": "a", "display": "PRIMARY/kim"}, {"value": "b", "display": "TEST/kim"}]
    endpoint = FakeDeployment(profile=Profile(domains=domains)).endpoint("Group")
    sent = sent_by_id(endpoint, MEMBERS, values)
    assert [each.sent["display"] for each in sent.values()] == ["kim", "TEST/kim"]
