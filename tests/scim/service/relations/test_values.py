"""Relations in a response: complete or left out, within the size of a response."""

from collections.abc import Mapping

from scim.service.endpoint import Bounds
from tests.fakes.endpoint import FakeDeployment, projected
from tests.fakes.observed import ObservedDirectory

METADATA = "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group"


def staffed(deployment: FakeDeployment, *sizes: int) -> list[str]:
    """Create groups with so many members of their own."""
    return [
        deployment.group(f"g{n}", *[deployment.user(f"u{n}-{m}") for m in range(size)])
        for n, size in enumerate(sizes)
    ]


def test_members_up_to_the_limit_stand_in_the_group() -> None:
    deployment = FakeDeployment(bounds=Bounds(inline_members=3))
    (group,) = staffed(deployment, 3)
    shown = deployment.shown("Group", group)
    assert len(shown["members"]) == 3
    assert METADATA not in shown


def test_a_group_beyond_the_limit_shows_no_members_and_reads_no_edges() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory, bounds=Bounds(inline_members=3))
    (group,) = staffed(deployment, 4)
    directory.asked.clear()
    shown = deployment.shown("Group", group)
    assert "members" not in shown
    assert shown[METADATA]["membersMetadata"]["policy"] == "external"
    assert directory.asked == ["read"]


def test_a_list_shows_members_as_far_as_one_answer_holds_them() -> None:
    deployment = FakeDeployment(bounds=Bounds(inline_members=5))
    staffed(deployment, 3, 3, 2, 6)
    listed = deployment.search("Group").resources
    seen = [
        (each["displayName"], len(list(each.get("members", ()))), _policy(each))  # type: ignore[call-overload]
        for each in listed
    ]
    assert sorted(seen) == [
        ("g0", 3, None),
        ("g1", 0, "hybrid"),
        ("g2", 2, None),
        ("g3", 0, "external"),
    ]


def _policy(group: object) -> object:
    assert isinstance(group, Mapping)
    extension = group.get(METADATA)
    return None if extension is None else extension["membersMetadata"]["policy"]


def test_the_edges_of_all_groups_of_a_page_are_one_question() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    staffed(deployment, 2, 2, 2)
    directory.asked.clear()
    deployment.search("Group")
    assert directory.asked.count("edges_of") == 1
    assert directory.asked.count("read_many") == 1
    assert "edges" not in directory.asked


def test_groups_without_members_ask_nothing() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    staffed(deployment, 0, 0)
    directory.asked.clear()
    deployment.search("Group")
    assert "edges_of" not in directory.asked


def test_more_members_than_a_page_of_edges_are_all_shown() -> None:
    deployment = FakeDeployment()
    (group,) = staffed(deployment, 1001)
    assert len(deployment.shown("Group", group)["members"]) == 1001


def test_displays_too_long_for_an_answer_leave_the_members_out() -> None:
    deployment = FakeDeployment()
    members = [{"value": deployment.user(f"u{n}"), "display": "x" * 65_000} for n in range(16)]
    answer = deployment.create("Group", {"displayName": "All", "members": members})
    assert answer.resource is not None
    assert "members" not in answer.resource
    assert _policy(answer.resource) == "hybrid"


def test_a_request_for_members_alone_is_told_that_they_are_too_many() -> None:
    deployment = FakeDeployment(bounds=Bounds(inline_members=1))
    (group,) = staffed(deployment, 2)
    answer = deployment.read("Group", group, attributes=("members",))
    assert answer.resource is not None
    assert set(answer.resource) == {"schemas", "id", METADATA}
    assert METADATA in answer.resource["schemas"]  # type: ignore[operator]


def test_excluding_the_members_of_a_large_group_still_shows_their_number() -> None:
    deployment = FakeDeployment(bounds=Bounds(inline_members=1))
    (group,) = staffed(deployment, 2)
    answer = deployment.read("Group", group, excluded=("members",))
    assert answer.resource is not None
    extension = answer.resource[METADATA]
    assert isinstance(extension, dict)
    assert extension["membersMetadata"]["memberCount"] == 2


def test_excluding_the_metadata_too_hides_the_number() -> None:
    deployment = FakeDeployment(bounds=Bounds(inline_members=1))
    (group,) = staffed(deployment, 2)
    answer = deployment.read("Group", group, excluded=("members", METADATA))
    assert answer.resource is not None
    assert METADATA not in answer.resource
    assert METADATA not in answer.resource["schemas"]  # type: ignore[operator]


def test_members_that_are_not_wanted_are_not_read() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    (group,) = staffed(deployment, 2)
    for projection in (projected("Group", excluded=("members",)), projected("Group", ("id",))):
        directory.asked.clear()
        endpoint = deployment.endpoint("Group")
        from_list = deployment.search("Group", attributes=("displayName",))
        assert from_list.total == 1
        assert endpoint.resource_type is projection.resource_type
    directory.asked.clear()
    deployment.read("Group", group, excluded=("members",))
    deployment.read("Group", group, attributes=("displayName",))
    assert directory.asked == ["read", "read"]
