"""Groups in groups, at any depth but never in themselves."""

from collections.abc import Callable

import pytest

from scim.errors import InvalidValue
from scim.resource.change import Creation, Guard, Update
from scim.resource.record import Key
from tests.fakes.busy import BusyDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment
from tests.fakes.observed import ObservedDirectory


def put(deployment: FakeDeployment, group: str, member: str) -> None:
    name = deployment.shown("Group", group)["displayName"]
    deployment.replace("Group", group, {"displayName": name, "members": [{"value": member}]})


def patch_replace(deployment: FakeDeployment, group: str, member: str) -> None:
    value = [{"value": member}]
    deployment.modify("Group", group, {"op": "replace", "path": "members", "value": value})


WAYS: list[Callable[[FakeDeployment, str, str], object]] = [FakeDeployment.add, put, patch_replace]


@pytest.mark.parametrize("direction", WAYS, ids=["PATCH add", "PUT", "PATCH replace"])
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_a_group_cannot_come_to_contain_itself(
    direction: Callable[[FakeDeployment, str, str], object], depth: int
) -> None:
    deployment = FakeDeployment()
    groups = [deployment.group("0")]
    for level in range(1, depth):
        groups.append(deployment.group(str(level), groups[-1]))
    with pytest.raises(InvalidValue) as refusal:
        direction(deployment, groups[0], groups[-1])
    assert groups[-1] in refusal.value.detail
    assert "would contain itself" in refusal.value.detail
    assert deployment.member_ids(groups[0]) == []


def test_a_group_that_was_taken_out_can_be_put_in_the_other_way_round() -> None:
    deployment = FakeDeployment()
    inner = deployment.group("inner")
    outer = deployment.group("outer", inner)
    deployment.remove(outer, inner)
    deployment.add(inner, outer)
    assert deployment.member_ids(inner) == [outer]


def test_a_new_group_can_contain_groups() -> None:
    deployment = FakeDeployment()
    inner = deployment.group("inner")
    assert deployment.member_ids(deployment.group("outer", inner)) == [inner]


def test_users_cost_no_guard() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    group = deployment.group("All", deployment.user("anna"))
    deployment.add(group, deployment.user("bert"))
    assert "nesting" not in directory.asked


def test_taking_a_group_out_costs_no_guard() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    inner = deployment.group("inner")
    outer = deployment.group("outer", inner)
    directory.asked.clear()
    deployment.remove(outer, inner)
    assert "nesting" not in directory.asked


def test_each_nested_addition_moves_the_guard_on() -> None:
    directory = FakeDirectory()
    deployment = FakeDeployment(directory)
    first, second = deployment.group("first"), deployment.group("second")
    outer = deployment.group("outer", first)
    deployment.add(outer, second)
    guards = [
        change.guards for change in directory.changes if isinstance(change, Creation | Update)
    ]
    assert guards == [(), (), (Guard("members", 0),), (Guard("members", 1),)]


def test_two_groups_that_add_each_other_at_the_same_time_form_no_circle() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    one, other = deployment.group("one"), deployment.group("other")
    directory.meanwhile = lambda: deployment.add(other, one)
    with pytest.raises(InvalidValue, match="would contain itself"):
        deployment.add(one, other)
    assert deployment.member_ids(one) == []
    assert deployment.member_ids(other) == [one]


def test_a_long_circle_closed_from_two_sides_at_once_stays_open() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    a, b, c, d = (deployment.group(name) for name in "abcd")
    deployment.add(a, b)
    deployment.add(c, d)
    directory.meanwhile = lambda: deployment.add(b, c)
    with pytest.raises(InvalidValue, match="would contain itself"):
        deployment.add(d, a)
    assert deployment.member_ids(d) == []


def test_the_way_up_is_read_behind_the_guard() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    inner = deployment.group("inner")
    middle = deployment.group("middle", inner)
    deployment.group("top", middle)
    other = deployment.group("other")
    directory.asked.clear()
    deployment.add(inner, other)
    assert directory.asked[:7] == [
        "read_latest",  # the group and, it is guessed, a user
        "read_latest",  # no, a group
        "nesting",
        "read_latest",  # the group again, behind the guard
        "read_latest",  # what it is in
        "read_latest",  # and what that is in
        "read_latest",  # and whether anything is in the new value
    ]
    assert directory.asked[7] == "update"


def test_a_group_of_another_tenant_is_not_in_the_way() -> None:
    deployment = FakeDeployment()
    inner = deployment.group("inner")
    deployment.group("outer", inner)
    assert deployment.directory.nesting("acme", "Group", "members", "") == 1
    assert deployment.directory.nesting("other", "Group", "members", "") == 0
    assert deployment.directory.read("other", Key("Group", inner)) is None


class Moving(FakeDirectory):
    """Tells after the first look that others have put a group into another meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def nesting(self, tenant: str, type_name: str, attribute: str, now: str) -> int:
        self.looks += 1
        return super().nesting(tenant, type_name, attribute, now) + (self.looks > 1)


def test_a_refusal_is_decided_again_when_groups_were_nested_meanwhile() -> None:
    directory = Moving()
    deployment = FakeDeployment(directory)
    inner = deployment.group("inner")
    outer = deployment.group("outer", inner)
    directory.looks = 0
    with pytest.raises(InvalidValue, match="would contain itself"):
        deployment.add(inner, outer)
    assert directory.looks == 4, "twice the guard, and each time whether it has moved"
