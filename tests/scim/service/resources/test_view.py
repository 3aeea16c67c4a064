"""The view of a resource: relations with names, back links, and no unneeded reads."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scim.profile import Profile
from scim.profile.parts import Wire
from scim.resource.access_path import EdgePage
from scim.resource.record import Key, Record
from scim.service.messages import Answer
from scim.service.resources.view import full_views, plain_view
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import NOW, USER_URN, FakeDeployment, projected
from tests.fakes.observed import ObservedDirectory


def _record(deployment: FakeDeployment, type_name: str, id_: str) -> Record:
    record = deployment.directory.read("acme", Key(type_name, id_))
    assert record is not None
    return record


def test_a_user_shows_the_groups_it_is_in() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    assert deployment.shown("User", anna)["groups"] == [
        {
            "value": group,
            "$ref": f"https://scim.example/scim/v2/Groups/{group}",
            "display": "All",
            "type": "direct",
        }
    ]


def test_groups_are_shown_in_every_answer_that_has_the_user() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.group("All", anna)
    shown = deployment.shown("User", anna)
    listed = deployment.search("User", filter='userName eq "anna"').resources[0]
    patched = deployment.modify("User", anna, {"op": "remove", "path": "title"}).resource
    put = deployment.replace("User", anna, {"userName": "anna"}).resource
    assert shown == listed == patched == put
    assert "groups" in shown


def test_the_plain_view_knows_groups_by_id_and_reads_nothing() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    record = _record(deployment, "User", anna)
    directory.asked.clear()
    assert plain_view(deployment.endpoint("User"), record) == {
        "schemas": [USER_URN],
        "id": anna,
        "userName": "anna",
        "meta": {
            "resourceType": "User",
            "created": NOW,
            "lastModified": NOW,
            "location": f"https://scim.example/scim/v2/Users/{anna}",
            "version": 'W/"1"',
        },
        "groups": [{"value": group}],
    }
    assert directory.asked == []


def test_the_names_of_all_groups_of_all_users_are_one_read() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    users = [deployment.user(f"user{n}") for n in range(5)]
    for n in range(5):
        deployment.group(f"group{n}", *users)
    records = [_record(deployment, "User", each) for each in users]
    directory.asked.clear()
    views = full_views(deployment.endpoint("User"), records, projected("User"))
    assert [[each["display"] for each in view["groups"]] for view in views] == [  # type: ignore[attr-defined]
        [f"group{n}" for n in range(5)]
    ] * 5
    assert directory.asked == ["read_named"]


@pytest.mark.parametrize(
    "projection",
    [
        projected("User", attributes=("userName",)),
        projected("User", excluded=("groups",)),
    ],
    ids=["attributes", "excludedAttributes"],
)
def test_groups_that_are_not_shown_are_not_read(projection) -> None:  # type: ignore[no-untyped-def]
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    deployment.group("All", anna)
    record = _record(deployment, "User", anna)
    directory.asked.clear()
    (view,) = full_views(deployment.endpoint("User"), [record], projection)
    assert "groups" not in view
    assert directory.asked == []


def test_a_group_that_is_gone_is_not_shown() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    record = _record(deployment, "User", anna)
    deployment.delete("Group", group)
    (view,) = full_views(deployment.endpoint("User"), [record], projected("User"))
    assert "groups" not in view


def test_names_the_client_sent_are_not_looked_up() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    members = [{"value": anna, "display": "Anna Bell"}]
    deployment.create("Group", {"displayName": "All", "members": members})
    (group,) = deployment.search("Group").resources
    directory.asked.clear()
    shown = deployment.shown("Group", str(group["id"]))["members"]
    assert [each["display"] for each in shown] == ["Anna Bell"]
    assert directory.asked == ["read", "edges_of"]


def test_the_names_of_up_to_a_hundred_members_are_looked_up() -> None:
    deployment = FakeDeployment()
    group = deployment.group("All", *[deployment.user(f"user{n:03}") for n in range(100)])
    names = [each["display"] for each in deployment.shown("Group", group)["members"]]
    assert names == [f"user{n:03}" for n in range(100)]


def test_members_beyond_the_first_hundred_have_the_name_the_client_sent() -> None:
    deployment = FakeDeployment()
    members = [{"value": deployment.user(f"user{n:03}")} for n in range(101)]
    members[0]["display"] = "The first"
    deployment.create("Group", {"displayName": "All", "members": members})
    (group,) = deployment.search("Group").resources
    shown = group["members"]
    assert isinstance(shown, list)
    assert len(shown) == 101
    assert [each["display"] for each in shown if "display" in each] == ["The first"]


SILENT = Profile(wire=Wire(has_empty_relations=False))


@pytest.mark.parametrize(("profile", "shown"), [(Profile(), {"members": []}), (SILENT, {})])
def test_a_group_without_members_says_so_unless_its_profile_does_not(
    profile: Profile, shown: dict[str, object]
) -> None:
    deployment = FakeDeployment(profile=profile)
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    removed = deployment.modify("Group", group, {"op": "remove", "path": "members"})
    listed = deployment.search("Group")
    for answer in (removed.resource, deployment.shown("Group", group), listed.resources[0]):
        assert answer is not None
        assert {name: answer[name] for name in answer if name == "members"} == shown


def test_members_that_are_not_wanted_are_not_shown_as_none() -> None:
    deployment = FakeDeployment()
    group = deployment.group("All")
    for wanted in ({"excluded_attributes": ("members",)}, {"attributes": ("displayName",)}):
        (found,) = deployment.search("Group", **wanted).resources
        assert found["id"] == group
        assert "members" not in found


class Interrupted(FakeDirectory):
    """Runs what others do meanwhile, once, before edges are read for an answer."""

    meanwhile: Callable[[], object] | None = None

    def edges_of(self, *arguments: Any) -> Mapping[Key, EdgePage]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().edges_of(*arguments)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("is_deleted", [True, False], ids=["deleted", "emptied"])
def test_a_group_deleted_before_the_answer_to_its_change_is_not_shown_without_members(
    method: str, is_deleted: bool
) -> None:
    deployment = FakeDeployment(directory := Interrupted())
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    clear = {"op": "remove", "path": "members"}

    def meanwhile() -> None:
        if is_deleted:
            deployment.delete("Group", group)
        else:
            deployment.modify("Group", group, clear)

    def change() -> Answer:
        if method == "PATCH":
            name = {"op": "replace", "path": "displayName", "value": "Each"}
            return deployment.modify("Group", group, name)
        members = [{"value": anna}]
        return deployment.replace("Group", group, {"displayName": "Each", "members": members})

    directory.meanwhile = meanwhile
    answer = change()
    assert (answer.resource is None) == is_deleted
    if answer.resource is not None:
        assert answer.resource["members"] == []
