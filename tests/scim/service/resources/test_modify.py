"""PATCH applies all operations or none, and writes only what changes."""

import sys
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from scim.errors import (
    InvalidPath,
    Mutability,
    NoTarget,
    NotFound,
    PreconditionFailed,
    Unavailable,
    Uniqueness,
)
from scim.filter.parsing.parse import _short_path, parse_path
from scim.patch.target import target_of
from scim.profile import Profile, Tolerance
from scim.profile.parts import Domains
from scim.resource.change import Update
from scim.service.endpoint import Bounds
from scim.service.messages import Precondition
from tests.fakes.busy import BusyDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import LATER, NOW, STRICT, FakeDeployment, id_, own_version
from tests.fakes.observed import ObservedDirectory

UNKNOWN = "11111111-1111-4111-8111-111111111111"
TITLE = {"op": "add", "path": "title", "value": "Dr."}


def test_the_operations_are_applied_one_after_the_other() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.clock.time = LATER
    answer = deployment.modify(
        "User", anna, TITLE, {"op": "replace", "path": "title", "value": "Prof."}
    )
    assert answer.etag == 'W/"2"'
    assert answer.resource is not None
    assert answer.resource["title"] == "Prof."
    assert answer.resource["meta"]["created"] == NOW  # type: ignore[index]
    assert answer.resource["meta"]["lastModified"] == LATER  # type: ignore[index]
    assert deployment.shown("User", anna) == answer.resource


def test_one_bad_operation_undoes_all() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    before = deployment.shown("User", anna)
    with pytest.raises(InvalidPath, match=r"Operations\[1\]"):
        deployment.modify("User", anna, TITLE, {"op": "add", "path": "shoe[", "value": 1})
    assert deployment.shown("User", anna) == before


def test_one_bad_operation_undoes_changes_of_members_too() -> None:
    deployment = FakeDeployment(profile=STRICT)
    anna = deployment.user("anna")
    group = deployment.group("All")
    add = {"op": "add", "path": "members", "value": [{"value": anna}]}
    with pytest.raises(Mutability, match=r"Operations\[1\]"):
        deployment.modify("Group", group, add, {"op": "remove", "path": "displayName"})
    assert deployment.member_ids(group) == []


@pytest.mark.parametrize(
    "operations",
    [
        pytest.param([{"op": "add", "path": "title", "value": "Dr."}], id="add what is there"),
        pytest.param([{"op": "replace", "value": {"title": "Dr."}}], id="replace by the same"),
        pytest.param([{"op": "remove", "path": "nickName"}], id="remove what is not there"),
        pytest.param(
            [
                {"op": "replace", "path": "title", "value": "Prof."},
                {"op": "replace", "path": "title", "value": "Dr."},
            ],
            id="there and back",
        ),
        pytest.param([{"op": "replace", "value": {"password": "t1meMa$heen"}}], id="password"),
    ],
)
def test_an_operation_that_changes_nothing_keeps_version_and_last_modified(
    operations: list[Any],
) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", title="Dr.")
    before = deployment.shown("User", anna)
    deployment.clock.time = LATER
    answer = deployment.modify("User", anna, *operations)
    assert answer.resource == before == deployment.shown("User", anna)
    assert isinstance(deployment.directory, FakeDirectory)
    assert not [each for each in deployment.directory.changes if isinstance(each, Update)]


def test_the_password_is_neither_shown_nor_stored() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    secret = {"op": "replace", "path": "password", "value": "t1meMa$heen"}
    answer = deployment.modify("User", anna, secret, TITLE, attributes=("password", "title"))
    assert isinstance(deployment.directory, FakeDirectory)
    assert "t1meMa$heen" not in repr((answer, deployment.directory.changes))


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "id", "value": UNKNOWN},
        {"op": "remove", "path": "id"},
        {"op": "replace", "path": "meta.version", "value": 'W/"99"'},
        {"op": "add", "path": "groups", "value": [{"value": UNKNOWN}]},
        {"op": "remove", "path": f'groups[value eq "{UNKNOWN}"]'},
        {"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:groups", "value": []},
    ],
    ids=str,
)
def test_read_only_attributes_are_refused_by_their_path(operation: Any) -> None:
    deployment = FakeDeployment(profile=STRICT)
    anna = deployment.user("anna")
    before = deployment.shown("User", anna)
    with pytest.raises(Mutability):
        deployment.modify("User", anna, operation)
    assert deployment.shown("User", anna) == before


def test_an_id_in_the_value_changes_no_other_resource() -> None:
    deployment = FakeDeployment()
    anna, victim = deployment.user("anna"), deployment.user("victim")
    before = deployment.shown("User", victim)
    with pytest.raises(Mutability):
        deployment.modify("User", anna, {"op": "replace", "value": {"id": victim, "title": "x"}})
    assert deployment.shown("User", victim) == before
    assert "title" not in deployment.shown("User", anna)


def test_a_required_attribute_cannot_be_removed() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    with pytest.raises(Mutability, match="userName"):
        deployment.modify("User", anna, {"op": "remove", "path": "userName"})


def test_a_filter_that_selects_nothing_to_replace_has_no_target() -> None:
    deployment = FakeDeployment(profile=STRICT)
    anna = deployment.user("anna")
    operation = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "a@b.example"}
    with pytest.raises(NoTarget):
        deployment.modify("User", anna, operation)


def test_a_taken_name_is_refused_and_nothing_changes() -> None:
    deployment = FakeDeployment()
    deployment.user("bert")
    anna = deployment.user("anna")
    rename = {"op": "replace", "path": "userName", "value": "BERT"}
    with pytest.raises(Uniqueness):
        deployment.modify("User", anna, TITLE, rename)
    assert "title" not in deployment.shown("User", anna)


def test_a_renamed_resource_is_found_by_its_new_name_only() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.modify("User", anna, {"op": "replace", "path": "userName", "value": "anne"})
    assert deployment.search("User", filter='userName eq "anne"').total == 1
    assert deployment.search("User", filter='userName eq "anna"').total == 0
    assert deployment.user("anna") == id_(2)


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(if_match='W/"1"'),
        Precondition(if_match="*"),
        Precondition(if_none_match='W/"2"'),
    ],
    ids=str,
)
@pytest.mark.parametrize("type_name", ["User", "Group"])
def test_the_version_named_is_modified(condition: Precondition, type_name: str) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.group("All")
    operation = {
        "User": TITLE,
        "Group": {"op": "add", "path": "members", "value": [{"value": anna}]},
    }[type_name]
    target = {"User": id_(1), "Group": id_(2)}[type_name]
    assert (
        own_version(deployment.modify(type_name, target, operation, condition=condition).etag)
        == 'W/"2"'
    )


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(if_match='W/"2"'),
        Precondition(if_none_match="*"),
        Precondition(if_none_match='W/"1"'),
    ],
    ids=str,
)
def test_another_version_is_not_modified(condition: Precondition) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    before = deployment.shown("User", anna)
    with pytest.raises(PreconditionFailed):
        deployment.modify("User", anna, TITLE, condition=condition)
    assert deployment.shown("User", anna) == before


def test_a_change_decided_on_an_old_version_is_decided_again() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    nick = {"op": "add", "path": "nickName", "value": "Ann"}
    directory.meanwhile = lambda: deployment.modify("User", anna, nick)
    assert deployment.modify("User", anna, TITLE).etag == 'W/"3"'
    shown = deployment.shown("User", anna)
    assert (shown["title"], shown["nickName"]) == ("Dr.", "Ann")


def test_a_precondition_is_asked_again_when_another_writer_was_faster() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna, bert = deployment.user("anna"), deployment.user("bert")
    group = deployment.group("All")
    directory.meanwhile = lambda: deployment.add(group, bert)
    with pytest.raises(PreconditionFailed):
        deployment.add(group, anna, condition=Precondition(if_match='W/"1"'))
    assert deployment.member_ids(group) == [bert]


def test_members_added_at_the_same_time_are_all_kept() -> None:
    """Lost members are the most frequent bug of SCIM servers (scimmyjs #79, fleetdm #50724)."""
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna, bert = deployment.user("anna"), deployment.user("bert")
    group = deployment.group("All")
    directory.meanwhile = lambda: deployment.add(group, bert)
    deployment.add(group, anna)
    assert deployment.member_ids(group) == [anna, bert]


def test_the_same_member_added_at_the_same_time_is_one_change() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    group = deployment.group("All")
    directory.meanwhile = lambda: deployment.add(group, anna)
    assert own_version(deployment.add(group, anna).etag) == 'W/"2"'
    assert deployment.member_ids(group) == [anna]


def test_a_resource_deleted_meanwhile_is_not_found() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.meanwhile = lambda: deployment.delete("User", anna)
    with pytest.raises(NotFound):
        deployment.modify("User", anna, TITLE)


@pytest.mark.parametrize("stale", [1, 9])
def test_a_stale_change_is_tried_again(stale: int) -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.stale = stale
    assert deployment.modify("User", anna, TITLE).etag == 'W/"2"'


def test_a_change_gives_up_after_ten_stale_attempts() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.stale = 100
    with pytest.raises(Unavailable):
        deployment.modify("User", anna, TITLE)
    assert directory.stale == 90


def test_used_tolerances_are_reported() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    answer = deployment.modify("User", anna, {"op": "Add", "path": "active", "value": "False"})
    assert answer.tolerated == {Tolerance.CAPITALISED_OP, Tolerance.STRING_BOOLEAN}
    assert deployment.shown("User", anna)["active"] is False


@pytest.mark.parametrize("projection", [{}, {"excluded": ("members",)}], ids=["all", "excluded"])
def test_a_group_of_few_members_is_answered(projection: Any) -> None:
    deployment = FakeDeployment(bounds=Bounds(patch_answer_members=2))
    members = [deployment.user(f"user{n}") for n in range(2)]
    group = deployment.group("All")
    answer = deployment.add(group, *members, **projection)
    assert answer.resource is not None
    assert ("members" in answer.resource) is not bool(projection)


def test_a_group_of_many_members_is_not_answered_unasked() -> None:
    deployment = FakeDeployment(bounds=Bounds(patch_answer_members=2))
    members = [deployment.user(f"user{n}") for n in range(3)]
    group = deployment.group("All")
    answer = deployment.add(group, *members)
    assert answer.resource is None
    assert answer.etag == 'W/"2"'
    asked = deployment.add(group, attributes=("members",))
    assert asked.resource is not None
    assert len(asked.resource["members"]) == 3  # type: ignore[arg-type]
    excluded = deployment.add(group, excluded=("members",))
    assert excluded.resource is not None


def test_a_profile_may_have_the_resource_shown_whatever_its_size() -> None:
    shows = replace(Profile().patch, always_shows=True)
    profile = replace(Profile(), patch=shows)
    deployment = FakeDeployment(bounds=Bounds(patch_answer_members=1), profile=profile)
    people = [deployment.user(name) for name in ("anna", "bert")]
    answer = deployment.add(deployment.group("All"), *people)
    assert answer.resource is not None
    assert len(answer.resource["members"]) == 2


@pytest.mark.parametrize("size", [1, 200])
def test_adding_a_member_asks_the_same_of_the_store_whatever_the_groups_size(size: int) -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory, bounds=Bounds(patch_answer_members=0))
    group = deployment.group("All", *[deployment.user(f"user{n}") for n in range(size)])
    another = deployment.user("another")
    directory.asked.clear()
    deployment.add(group, another)
    assert directory.asked == ["read_latest", "update"]
    directory.asked.clear()
    deployment.remove(group, another)
    assert directory.asked == ["read_latest", "update"]


def test_a_change_of_a_plain_attribute_is_one_read_and_one_write() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.asked.clear()
    deployment.modify("User", anna, TITLE)
    assert directory.asked == ["read_latest", "update"]


def test_renaming_a_group_shows_its_new_name_to_its_members() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    deployment.modify("Group", group, {"op": "replace", "path": "displayName", "value": "Everyone"})
    assert deployment.shown("User", anna)["groups"][0]["display"] == "Everyone"


def test_a_resource_of_another_tenant_is_unknown_and_stays_as_it_is() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", tenant="other")
    before = deployment.shown("User", anna, "other")
    with pytest.raises(NotFound, match="There is no User with this id"):
        deployment.modify("User", anna, TITLE)
    assert deployment.shown("User", anna, "other") == before


def test_a_name_of_the_primary_domain_stays_plain() -> None:
    domains = Domains(names={"User": ("userName",)})
    deployment = FakeDeployment(profile=Profile(domains=domains))
    kim = deployment.user("PRIMARY/kim")
    same = {"op": "replace", "path": "userName", "value": "primary/kim"}
    assert deployment.modify("User", kim, same).etag == 'W/"1"'
    deployment.modify("User", kim, {"op": "add", "value": {"userName": "PRIMARY/kimmy"}})
    assert deployment.shown("User", kim)["userName"] == "kimmy"


def test_an_unknown_path_does_not_stop_the_other_operations() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    answer = deployment.modify(
        "User",
        anna,
        {"op": "add", "path": "displayNme", "value": "A"},
        {"op": "replace", "path": "active", "value": False},
    )
    assert answer.resource is not None
    assert answer.resource["active"] is False
    assert Tolerance.UNKNOWN_PATHS in answer.tolerated
    assert answer.ignored == ("User has no attribute 'displayNme'; did you mean 'displayName'?",)


def test_a_path_is_read_once_and_resolved_once_an_operation() -> None:
    deployment = FakeDeployment()
    group, users = deployment.group("g"), [deployment.user(name) for name in ("anna", "bea")]
    anna = users[0]
    deployment.modify("Group", group, {"op": "add", "path": "members", "value": [{"value": anna}]})
    asked: list[str] = []
    _short_path.cache_clear()

    def counted(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in (parse_path.__code__, target_of.__code__):
            asked.append(frame.f_code.co_name)

    operations: list[dict[str, Any]] = [
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "a@x.example"},
        {"op": "Replace", "path": "name.givenName", "value": "Anna"},
        {"op": "Add", "path": "manager", "value": anna},
        {"op": "Remove", "path": "roles", "value": [{"value": "x"}]},
        {"op": "Replace", "path": "title", "value": None},
    ]
    sys.setprofile(counted)
    try:
        deployment.modify("User", users[1], *operations)
        deployment.modify("Group", group, {"op": "remove", "path": f'members[value eq "{anna}"]'})
        assert Counter(asked) == {"parse_path": 6, "target_of": 6}
        # What has no filter is remembered.
        deployment.modify("User", users[1], *operations)
    finally:
        sys.setprofile(None)
    assert Counter(asked) == {"parse_path": 7, "target_of": 7}
