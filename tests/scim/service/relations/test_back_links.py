"""The groups above a resource: level by level, one batch read each."""

from collections.abc import Sequence

from scim.resource.record import Key, Link, Record
from scim.service.relations.back_links import ancestry_of
from tests.fakes.endpoint import FakeDeployment
from tests.fakes.observed import ObservedDirectory

MEMBERS = Link("Group", "members")


def records(deployment: FakeDeployment, type_name: str, ids: Sequence[str]) -> list[Record]:
    keys = [Key(type_name, id_) for id_ in ids]
    return [*deployment.directory.read_latest("acme", keys).values()]


def chain(deployment: FakeDeployment, depth: int, *members: str) -> list[str]:
    """Create groups that each hold the one before; the first holds the members."""
    groups = [deployment.group("level 0", *members)]
    for level in range(1, depth):
        groups.append(deployment.group(f"level {level}", groups[-1]))
    return groups


def test_everything_above_is_found_at_any_depth() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    groups = chain(deployment, 7, anna)
    endpoint = deployment.endpoint("User")
    (record,) = records(deployment, "User", [anna])
    found = ancestry_of(endpoint, [record], MEMBERS, deployment.directory.read_many)
    assert found.parents_of(record) == [Key("Group", groups[0])]
    assert found.indirect_ancestors_of(record) == [Key("Group", id_) for id_ in groups[1:]]


def test_a_level_is_one_batch_for_all_records() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    users = [deployment.user(f"user{n}") for n in range(5)]
    inner = [deployment.group(f"inner{n}", user) for n, user in enumerate(users)]
    deployment.group("outer", *inner)
    found = records(deployment, "User", users)
    directory.asked.clear()
    ancestry_of(deployment.endpoint("User"), found, MEMBERS, directory.read_many)
    assert directory.asked == ["read_many", "read_many"]


def test_a_resource_in_no_group_costs_no_read() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    found = records(deployment, "User", [deployment.user("anna")])
    directory.asked.clear()
    assert (
        ancestry_of(deployment.endpoint("User"), found, MEMBERS, directory.read_many).records == {}
    )
    assert directory.asked == []


def test_a_group_reached_by_two_ways_counts_once() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    left, right = deployment.group("left", anna), deployment.group("right", anna)
    top = deployment.group("top", left, right, anna)
    (record,) = records(deployment, "User", [anna])
    found = ancestry_of(
        deployment.endpoint("User"), [record], MEMBERS, deployment.directory.read_many
    )
    assert found.parents_of(record) == sorted(Key("Group", id_) for id_ in (left, right, top))
    assert found.indirect_ancestors_of(record) == []


def test_the_way_up_ends_at_a_deleted_group() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    groups = chain(deployment, 3, anna)
    (record,) = records(deployment, "User", [anna])
    deployment.delete("Group", groups[1])
    found = ancestry_of(
        deployment.endpoint("User"), [record], MEMBERS, deployment.directory.read_many
    )
    assert found.indirect_ancestors_of(record) == []
