"""A membership as a resource: the same change as a PATCH of the group, under the same rules."""

import pytest

from scim.errors import InvalidValue, NotFound, PreconditionFailed, Uniqueness
from scim.profile import Profile, Tolerance
from scim.resource.change import Update
from scim.resource.projection import Projection
from scim.service.messages import Answer, Precondition
from scim.service.resources.edge import create_edge, delete_edge, ends_named, id_of, read_edge
from tests.fakes.busy import BusyDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import LATER, NOW, Body, FakeDeployment, type_of

URN = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"
WHOLE = Projection.of(type_of("GroupMember"))
ANY = Precondition()


def join(deployment: FakeDeployment, group: str, member: str, tenant: str = "acme") -> Answer:
    body = {"schemas": [URN], "group": {"value": group}, "member": {"value": member}}
    return create_edge(deployment.endpoint("GroupMember", tenant), body, WHOLE)


def leave(
    deployment: FakeDeployment, group: str, member: str, condition: Precondition = ANY
) -> None:
    delete_edge(deployment.endpoint("GroupMember"), id_of(group, member), condition)


def seen(deployment: FakeDeployment, group: str, member: str) -> Body:
    answer = read_edge(deployment.endpoint("GroupMember"), id_of(group, member), ANY, WHOLE)
    assert answer.resource is not None
    return dict(answer.resource)


def test_a_membership_that_was_made_is_a_member_of_the_group_and_reads_back() -> None:
    deployment = FakeDeployment()
    anna, group = deployment.user("anna"), deployment.group("All")
    deployment.clock.time = LATER
    answer = join(deployment, group, anna)
    location = f"https://scim.example/scim/v2/GroupMembers/{group}~{anna}"
    assert answer.resource == {
        "schemas": [URN],
        "id": f"{group}~{anna}",
        "group": {
            "value": group,
            "$ref": f"https://scim.example/scim/v2/Groups/{group}",
            "display": "All",
        },
        "member": {
            "value": anna,
            "$ref": f"https://scim.example/scim/v2/Users/{anna}",
            "display": "anna",
            "type": "User",
        },
        "meta": {
            "resourceType": "GroupMember",
            "created": LATER,
            "lastModified": LATER,
            "location": location,
            "version": 'W/"1"',
        },
    }
    assert (answer.location, answer.etag) == (location, 'W/"1"')
    assert seen(deployment, group, anna) == answer.resource
    assert deployment.member_ids(group) == [anna]
    assert [each["value"] for each in deployment.shown("User", anna)["groups"]] == [group]


def test_a_member_of_the_group_has_a_membership() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    assert seen(deployment, group, anna)["meta"]["created"] == NOW


def test_a_membership_is_the_same_change_as_a_patch() -> None:
    directory = FakeDirectory()
    deployment = FakeDeployment(directory)
    anna, bert = deployment.user("anna"), deployment.user("bert")
    group = deployment.group("All")
    deployment.add(group, anna)
    join(deployment, group, bert)
    deployment.remove(group, anna)
    leave(deployment, group, bert)
    patched, joined, removed, left = (
        change.edges for change in directory.changes if isinstance(change, Update)
    )
    assert [edge.target.id for edge in patched[0].added] == [anna]
    assert [edge.target.id for edge in joined[0].added] == [bert]
    assert [key.id for key in removed[0].removed] == [anna]
    assert [key.id for key in left[0].removed] == [bert]


def test_a_second_membership_of_the_same_two_is_a_conflict() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    with pytest.raises(Uniqueness, match="exists already"):
        join(deployment, group, anna)


@pytest.mark.parametrize("profile", [Profile(), Profile(tolerances=frozenset())])
def test_both_ends_must_exist(profile: Profile) -> None:
    deployment = FakeDeployment(profile=profile)
    anna, group = deployment.user("anna"), deployment.group("All")
    with pytest.raises(InvalidValue, match=r"member\.value|members names"):
        join(deployment, group, "nobody")
    with pytest.raises(InvalidValue, match=r"group\.value: expected the id of a Group"):
        join(deployment, anna, anna)
    assert deployment.member_ids(group) == []


def test_the_tolerance_for_unknown_members_of_a_patch_is_none_here() -> None:
    deployment = FakeDeployment()
    assert deployment.profile.tolerates(Tolerance.UNKNOWN_TARGETS)
    with pytest.raises(InvalidValue):
        join(deployment, deployment.group("All"), "nobody")


def test_ends_of_another_tenant_do_not_exist() -> None:
    deployment = FakeDeployment()
    anna, group = deployment.user("anna"), deployment.group("All")
    with pytest.raises(InvalidValue):
        join(deployment, group, anna, tenant="other")


def test_a_group_cannot_become_a_member_of_what_it_contains() -> None:
    deployment = FakeDeployment()
    inner = deployment.group("inner")
    outer = deployment.group("outer", inner)
    with pytest.raises(InvalidValue, match="would contain itself"):
        join(deployment, inner, outer)
    with pytest.raises(InvalidValue, match="itself"):
        join(deployment, inner, inner)


def test_a_group_can_be_a_member() -> None:
    deployment = FakeDeployment()
    inner, outer = deployment.group("inner"), deployment.group("outer")
    answer = join(deployment, outer, inner)
    assert answer.resource is not None
    member = answer.resource["member"]
    assert isinstance(member, dict)
    assert (member["type"], member["display"]) == ("Group", "inner")


def test_a_membership_that_was_ended_is_gone_everywhere() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    leave(deployment, group, anna)
    assert deployment.member_ids(group) == []
    assert "groups" not in deployment.shown("User", anna)
    with pytest.raises(NotFound):
        seen(deployment, group, anna)
    with pytest.raises(NotFound):
        leave(deployment, group, anna)


@pytest.mark.parametrize("end", ["Group", "User"])
def test_with_either_end_the_membership_ends(end: str) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    deployment.delete(end, group if end == "Group" else anna)
    with pytest.raises(NotFound):
        seen(deployment, group, anna)
    with pytest.raises(NotFound):
        leave(deployment, group, anna)


@pytest.mark.parametrize("odd", ["", "~", "a", "a~", "~b", "a~b", "a~b~c"])
def test_a_malformed_id_is_not_found(odd: str) -> None:
    endpoint = FakeDeployment().endpoint("GroupMember")
    with pytest.raises(NotFound):
        read_edge(endpoint, odd, ANY, WHOLE)
    with pytest.raises(NotFound):
        delete_edge(endpoint, odd, ANY)


def test_an_id_names_its_ends() -> None:
    endpoint = FakeDeployment().endpoint("GroupMember")
    assert ends_named(endpoint, id_of("g.1", "u:1")) == ("g.1", "u:1")


def test_a_membership_has_one_version() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    endpoint = deployment.endpoint("GroupMember")
    known = Precondition(if_none_match='W/"1"')
    assert read_edge(endpoint, id_of(group, anna), known, WHOLE).is_unmodified
    with pytest.raises(PreconditionFailed):
        leave(deployment, group, anna, Precondition(if_match='W/"2"'))
    leave(deployment, group, anna, Precondition(if_match='W/"1"'))
    assert deployment.member_ids(group) == []


def test_the_second_of_two_equal_simultaneous_memberships_is_a_conflict() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna, group = deployment.user("anna"), deployment.group("All")
    directory.meanwhile = lambda: deployment.add(group, anna)
    with pytest.raises(Uniqueness):
        join(deployment, group, anna)


def test_a_membership_deleted_meanwhile_is_not_found() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    directory.meanwhile = lambda: deployment.remove(group, anna)
    with pytest.raises(NotFound):
        leave(deployment, group, anna)


def test_a_missing_end_is_named() -> None:
    endpoint = FakeDeployment().endpoint("GroupMember")
    with pytest.raises(InvalidValue, match="member"):
        create_edge(endpoint, {"schemas": [URN], "group": {"value": "g"}}, WHOLE)
    with pytest.raises(InvalidValue, match="value"):
        create_edge(endpoint, {"schemas": [URN], "group": {}, "member": {"value": "u"}}, WHOLE)


def test_only_a_type_made_of_edges_is_served_so() -> None:
    with pytest.raises(ValueError, match="not made of edges"):
        read_edge(FakeDeployment().endpoint("User"), "a~b", ANY, WHOLE)
