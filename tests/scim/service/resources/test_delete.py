"""DELETE ends a resource: invisible and its names free at once."""

import pytest

from scim.errors import NotFound, PreconditionFailed, Unavailable
from scim.service.messages import Precondition
from tests.fakes.busy import BusyDirectory
from tests.fakes.endpoint import FakeDeployment, id_


def test_a_deleted_resource_is_not_found_by_any_verb() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.delete("User", anna)
    with pytest.raises(NotFound):
        deployment.read("User", anna)
    with pytest.raises(NotFound):
        deployment.replace("User", anna, {"userName": "anna"})
    with pytest.raises(NotFound):
        deployment.modify("User", anna, {"op": "remove", "path": "title"})
    with pytest.raises(NotFound):
        deployment.delete("User", anna)


def test_a_deleted_resource_is_in_no_list() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", emails=[{"value": "a@example.org"}])
    deployment.user("bert")
    deployment.delete("User", anna)
    assert deployment.search("User").total == 1
    assert deployment.search("User", filter='userName eq "anna"').total == 0
    assert deployment.search("User", filter='emails.value eq "a@example.org"').total == 0
    assert deployment.search("User", filter=f'id eq "{anna}"').total == 0


def test_a_deleted_user_leaves_every_group() -> None:
    deployment = FakeDeployment()
    anna, bert = deployment.user("anna"), deployment.user("bert")
    groups = [deployment.group("All", anna, bert), deployment.group("Sales", anna)]
    deployment.delete("User", anna)
    assert [deployment.member_ids(group) for group in groups] == [[bert], []]


def test_a_deleted_group_leaves_the_users_and_groups_it_had_and_was_in() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    sales = deployment.group("Sales", anna)
    whole = deployment.group("All", sales)
    deployment.delete("Group", sales)
    assert "groups" not in deployment.shown("User", anna)
    assert deployment.member_ids(whole) == []
    assert deployment.search("User", filter=f'groups.value eq "{sales}"').total == 0


def test_a_new_user_of_the_same_name_inherits_no_membership() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    deployment.delete("User", anna)
    again = deployment.user("anna")
    assert again == id_(3)
    assert "groups" not in deployment.shown("User", again)
    assert deployment.member_ids(group) == []


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(if_match='W/"1"'),
        Precondition(if_match="*"),
        Precondition(if_none_match='W/"2"'),
    ],
    ids=str,
)
def test_the_version_named_is_deleted(condition: Precondition) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.delete("User", anna, condition=condition)
    assert deployment.search("User").total == 0


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(if_match='W/"2"'),
        Precondition(if_none_match="*"),
        Precondition(if_none_match='W/"1"'),
    ],
    ids=str,
)
def test_another_version_is_not_deleted(condition: Precondition) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    with pytest.raises(PreconditionFailed):
        deployment.delete("User", anna, condition=condition)
    assert deployment.search("User").total == 1


def test_a_resource_that_changes_meanwhile_is_deleted_all_the_same() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.meanwhile = lambda: deployment.replace("User", anna, {"userName": "anne"})
    deployment.delete("User", anna)
    assert deployment.search("User").total == 0
    assert deployment.user("anne") == id_(2)


def test_a_resource_that_changes_meanwhile_is_not_at_the_version_named() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.meanwhile = lambda: deployment.replace("User", anna, {"userName": "anne"})
    with pytest.raises(PreconditionFailed):
        deployment.delete("User", anna, condition=Precondition(if_match='W/"1"'))


def test_a_group_that_gets_a_member_meanwhile_is_not_at_the_version_named() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna, group = deployment.user("anna"), deployment.group("All")
    directory.meanwhile = lambda: deployment.add(group, anna)
    with pytest.raises(PreconditionFailed):
        deployment.delete("Group", group, condition=Precondition(if_match='W/"1"'))
    assert deployment.member_ids(group) == [anna]


def test_the_second_of_two_simultaneous_deletes_finds_nothing() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.meanwhile = lambda: deployment.delete("User", anna)
    with pytest.raises(NotFound):
        deployment.delete("User", anna)


def test_a_deletion_gives_up_after_ten_stale_attempts() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.stale = 100
    with pytest.raises(Unavailable):
        deployment.delete("User", anna)
    assert directory.stale == 90


def test_a_resource_of_another_tenant_is_unknown_and_lives_on() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", tenant="other")
    with pytest.raises(NotFound, match="There is no User with this id"):
        deployment.delete("User", anna)
    assert deployment.shown("User", anna, "other")["userName"] == "anna"
