"""membersMetadata says how many members there are and where (draft-zollner-scim-group-members-01)."""

import pytest

from scim.service.endpoint import Bounds
from tests.fakes.endpoint import Body, FakeDeployment

METADATA = "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group"


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    return FakeDeployment(bounds=Bounds(inline_members=2))


def metadata_of(deployment: FakeDeployment, group: str, *asked: str) -> Body:
    answer = deployment.read("Group", group, attributes=asked).resource
    assert answer is not None
    extension = answer[METADATA]
    assert isinstance(extension, dict)
    metadata: Body = extension["membersMetadata"]
    return metadata


def test_a_large_group_shows_its_metadata(deployment: FakeDeployment) -> None:
    group = deployment.group("All", *[deployment.user(f"u{n}") for n in range(3)])
    assert metadata_of(deployment, group) == {
        "policy": "external",
        "ref": f"https://scim.example/scim/v2/GroupMembers?filter=group.value%20eq%20%22{group}%22",
        "memberCount": 3,
        "allowedMemberTypes": ["User", "Group"],
    }


def test_a_small_group_shows_its_metadata_on_request(deployment: FakeDeployment) -> None:
    group = deployment.group("All", deployment.user("anna"))
    asked = f"{METADATA}:membersMetadata"
    assert metadata_of(deployment, group, asked)["policy"] == "inline"
    assert metadata_of(deployment, group, asked)["memberCount"] == 1
    assert METADATA not in deployment.shown("Group", group)


def test_one_part_can_be_asked_for(deployment: FakeDeployment) -> None:
    group = deployment.group("All", *[deployment.user(f"u{n}") for n in range(3)])
    asked = f"{METADATA}:membersMetadata.memberCount"
    assert metadata_of(deployment, group, asked) == {"memberCount": 3}


def test_an_empty_group_shows_a_count_of_zero_on_request(deployment: FakeDeployment) -> None:
    asked = f"{METADATA}:membersMetadata"
    assert metadata_of(deployment, deployment.group("Nobody"), asked)["memberCount"] == 0


def test_the_schema_is_named_where_it_is_used(deployment: FakeDeployment) -> None:
    large = deployment.group("All", *[deployment.user(f"u{n}") for n in range(3)])
    small = deployment.group("Few", deployment.user("anna"))
    assert METADATA in deployment.shown("Group", large)["schemas"]
    assert METADATA not in deployment.shown("Group", small)["schemas"]


def test_metadata_sent_by_a_client_is_ignored(deployment: FakeDeployment) -> None:
    sent = {METADATA: {"membersMetadata": {"policy": "inline", "memberCount": 99}}}
    answer = deployment.create("Group", {"displayName": "All", **sent})
    assert answer.resource is not None
    assert METADATA not in answer.resource
