"""PUT replaces what the client may write, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import (
    InvalidValue,
    NotFound,
    PreconditionFailed,
    Unavailable,
    Uniqueness,
)
from scim.profile import Profile, Tolerance
from scim.profile.parts import PutRules
from scim.profile.shipped import shipped
from scim.resource.record import Key
from scim.schema.schema import Returned
from scim.service.edges import all_edges
from scim.service.endpoint import Bounds
from scim.service.messages import Precondition
from scim.service.resources.replace import replace as put
from tests.fakes.busy import BusyDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import (
    GROUP_URN,
    LATER,
    NOW,
    STRICT,
    USER_URN,
    FakeDeployment,
    id_,
    own_version,
    projected,
)

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def test_attributes_left_out_are_cleared() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", title="Dr.", active=True, emails=[{"value": "a@example.org"}])
    deployment.replace("User", anna, {"userName": "anna", "active": False})
    shown = deployment.shown("User", anna)
    assert {name for name in shown if name not in ("schemas", "id", "meta")} == {
        "userName",
        "active",
    }
    assert shown["active"] is False


def test_version_and_last_modified_move_and_created_stays() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.clock.time = LATER
    answer = deployment.replace("User", anna, {"userName": "anna", "title": "Dr."})
    assert answer.etag == 'W/"2"'
    assert answer.resource is not None
    assert answer.resource["meta"]["created"] == NOW  # type: ignore[index]
    assert answer.resource["meta"]["lastModified"] == LATER  # type: ignore[index]
    assert deployment.shown("User", anna) == answer.resource


def test_the_same_again_changes_neither_version_nor_last_modified() -> None:
    deployment = FakeDeployment()
    body = {"userName": "anna", "name": {"givenName": "Anna"}, "emails": [{"value": "a@b.example"}]}
    before = deployment.create("User", body).resource
    deployment.clock.time = LATER
    answer = deployment.replace("User", id_(1), body)
    assert answer.etag == 'W/"1"'
    assert answer.resource == before == deployment.shown("User", id_(1))


def test_a_user_that_was_read_can_be_sent_back_unchanged() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", title="Dr.")
    deployment.group("All", anna)
    shown = deployment.shown("User", anna)
    deployment.clock.time = LATER
    assert deployment.replace("User", anna, shown).resource == shown


def test_a_group_that_was_read_can_be_sent_back_unchanged() -> None:
    deployment = FakeDeployment()
    group = deployment.group("All", deployment.user("anna"), deployment.group("Sales"))
    shown = deployment.shown("Group", group)
    deployment.clock.time = LATER
    assert deployment.replace("Group", group, shown).resource == shown


def test_an_unknown_id_is_not_found_and_not_created() -> None:
    deployment = FakeDeployment()
    with pytest.raises(NotFound):
        deployment.replace("User", UNKNOWN, {"userName": "anna"})
    assert deployment.search("User").total == 0


def test_an_id_in_the_body_is_ignored_and_changes_no_other_resource() -> None:
    """RFC 7644 section 3.5.1, and the confusion of Keycloak #46658: the body's id taken for the path's."""
    deployment = FakeDeployment()
    anna, victim = deployment.user("anna"), deployment.user("victim")
    before = deployment.shown("User", victim)
    for claimed in (victim, "", "nobody", 7):
        answer = deployment.replace("User", anna, {"id": claimed, "userName": "ann"})
        assert answer.resource is not None
        assert (answer.resource["id"], answer.resource["userName"]) == (anna, "ann")
    assert deployment.shown("User", victim) == before


def test_read_only_attributes_are_ignored() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.clock.time = LATER
    body = {
        "id": anna,
        "userName": "anna",
        "meta": {"created": "2001-01-01T00:00:00Z", "version": 'W/"99"'},
        "groups": [{"value": UNKNOWN}],
    }
    assert deployment.replace("User", anna, body).etag == 'W/"1"'


def test_a_required_attribute_left_out_is_refused() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    with pytest.raises(InvalidValue, match="userName"):
        deployment.replace("User", anna, {"title": "Dr."})
    assert deployment.shown("User", anna)["userName"] == "anna"


def test_a_taken_name_is_refused_and_nothing_changes() -> None:
    deployment = FakeDeployment()
    deployment.user("bert")
    anna = deployment.user("anna", title="Dr.")
    before = deployment.shown("User", anna)
    with pytest.raises(Uniqueness):
        deployment.replace("User", anna, {"userName": "BERT"})
    assert deployment.shown("User", anna) == before


def test_a_name_given_up_is_free() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.replace("User", anna, {"userName": "anne"})
    assert deployment.user("anna") == id_(2)


def test_a_name_may_change_its_case() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    assert deployment.replace("User", anna, {"userName": "Anna"}).etag == 'W/"2"'
    assert deployment.shown("User", anna)["userName"] == "Anna"


def test_a_password_alone_makes_no_new_version_and_is_not_stored() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    answer = deployment.replace("User", anna, {"userName": "anna", "password": "t1meMa$heen"})
    assert answer.etag == 'W/"1"'
    assert isinstance(deployment.directory, FakeDirectory)
    assert "t1meMa$heen" not in repr((answer, deployment.directory.changes))


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(if_match='W/"1"'),
        Precondition(if_match='"1"'),
        Precondition(if_match='W/"5", W/"1"'),
        Precondition(if_match="*"),
        Precondition(if_none_match='W/"2"'),
    ],
    ids=str,
)
def test_a_replacement_of_the_version_named_is_made(condition: Precondition) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    body = {"userName": "anna", "title": "Dr."}
    assert deployment.replace("User", anna, body, condition=condition).etag == 'W/"2"'


@pytest.mark.parametrize(
    "condition",
    [
        Precondition(if_match='W/"2"'),
        Precondition(if_match="1"),
        Precondition(if_match=""),
        Precondition(if_none_match="*"),
        Precondition(if_none_match='W/"1"'),
    ],
    ids=str,
)
def test_a_replacement_of_another_version_is_refused(condition: Precondition) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    before = deployment.shown("User", anna)
    with pytest.raises(PreconditionFailed):
        deployment.replace("User", anna, {"userName": "anne"}, condition=condition)
    assert deployment.shown("User", anna) == before


def test_a_put_without_members_empties_the_group() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    answer = deployment.replace("Group", group, {"displayName": "All"})
    assert answer.etag == 'W/"2"'
    assert deployment.member_ids(group) == []
    assert "groups" not in deployment.shown("User", anna)


def test_a_put_sets_exactly_the_members_sent() -> None:
    deployment = FakeDeployment()
    anna, bert, carl = (deployment.user(name) for name in ("anna", "bert", "carl"))
    group = deployment.group("All", anna, bert)
    body = {"displayName": "All", "members": [{"value": bert}, {"value": carl}]}
    deployment.replace("Group", group, body)
    assert deployment.member_ids(group) == [bert, carl]
    assert "groups" not in deployment.shown("User", anna)
    assert [each["value"] for each in deployment.shown("User", carl)["groups"]] == [group]


def test_the_same_members_in_another_order_are_no_change() -> None:
    deployment = FakeDeployment()
    anna, bert = deployment.user("anna"), deployment.user("bert")
    group = deployment.group("All", anna, bert)
    body = {"displayName": "All", "members": [{"value": bert}, {"value": anna}]}
    assert own_version(deployment.replace("Group", group, body).etag) == 'W/"1"'


def test_a_group_cannot_be_a_member_of_itself() -> None:
    deployment = FakeDeployment()
    group = deployment.group("All")
    body = {"displayName": "All", "members": [{"value": group}]}
    with pytest.raises(InvalidValue, match="must not contain the resource itself"):
        deployment.replace("Group", group, body)


def test_an_unknown_member_is_left_out_where_that_is_tolerated() -> None:
    deployment = FakeDeployment()
    group = deployment.group("All", deployment.user("anna"))
    body = {"displayName": "All", "members": [{"value": UNKNOWN}]}
    assert deployment.replace("Group", group, body).tolerated == {Tolerance.UNKNOWN_TARGETS}
    assert deployment.member_ids(group) == []


def test_an_unknown_member_is_refused_where_it_is_not_tolerated() -> None:
    deployment = FakeDeployment(profile=STRICT)
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    body = {"displayName": "All", "members": [{"value": UNKNOWN}]}
    with pytest.raises(InvalidValue, match="members"):
        deployment.replace("Group", group, body)
    assert deployment.member_ids(group) == [anna]


def test_a_replacement_decided_on_an_old_version_is_decided_again() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    other = {"op": "add", "path": "title", "value": "Dr."}
    directory.meanwhile = lambda: deployment.modify("User", anna, other)
    assert deployment.replace("User", anna, {"userName": "anne"}).etag == 'W/"3"'
    assert "title" not in deployment.shown("User", anna)


def test_a_precondition_is_asked_again_when_another_writer_was_faster() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    other = {"op": "add", "path": "title", "value": "Dr."}
    directory.meanwhile = lambda: deployment.modify("User", anna, other)
    with pytest.raises(PreconditionFailed):
        deployment.replace(
            "User", anna, {"userName": "anne"}, condition=Precondition(if_match='W/"1"')
        )
    assert deployment.shown("User", anna)["title"] == "Dr."


def test_a_resource_deleted_meanwhile_is_not_found() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.meanwhile = lambda: deployment.delete("User", anna)
    with pytest.raises(NotFound):
        deployment.replace("User", anna, {"userName": "anne"})


def test_a_replacement_gives_up_after_ten_stale_attempts() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.stale = 100
    with pytest.raises(Unavailable):
        deployment.replace("User", anna, {"userName": "anne"})
    assert directory.stale == 90


def test_a_stale_replacement_is_not_tried_again_when_the_answer_is_due() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.stale = 100
    endpoint = deployment.endpoint("User").within(deployment.bounds.budget(lambda: True))
    body = {"schemas": [USER_URN], "userName": "anne"}
    with pytest.raises(Unavailable, match="time for one request"):
        put(endpoint, anna, body, Precondition(), projected("User"))
    assert directory.stale == 99


def test_a_resource_of_another_tenant_is_unknown_and_stays_as_it_is() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", tenant="other")
    before = deployment.shown("User", anna, "other")
    with pytest.raises(NotFound, match="There is no User with this id"):
        deployment.replace("User", anna, {"userName": "mallory"})
    assert deployment.shown("User", anna, "other") == before


@pytest.mark.parametrize(
    ("projection", "shown"),
    [
        ({"attributes": ("title",)}, {"schemas", "id", "title"}),
        ({"excluded": ("title", "meta")}, {"schemas", "id", "userName"}),
    ],
    ids=["attributes", "excludedAttributes"],
)
def test_the_answer_is_projected(projection: Any, shown: set[str]) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    body = {"schemas": [USER_URN], "userName": "anna", "title": "Dr."}
    resource = deployment.replace("User", anna, body, **projection).resource
    assert resource is not None
    assert set(resource) == shown


MERGING = Profile(put=PutRules(mode="merge"))


def test_a_merging_put_keeps_omitted_attributes_and_null_clears() -> None:
    deployment = FakeDeployment(profile=MERGING)
    anna = deployment.user("anna", title="Dr.", nickName="A", name={"givenName": "Anna"})
    deployment.replace("User", anna, {"title": None, "name": {"familyName": "Bell"}})
    shown = deployment.shown("User", anna)
    assert (shown["userName"], shown["nickName"], "title" in shown) == ("anna", "A", False)
    assert shown["name"] == {"givenName": "Anna", "familyName": "Bell"}


def test_a_merging_put_that_mentions_nothing_changes_nothing() -> None:
    deployment = FakeDeployment(profile=MERGING)
    anna = deployment.user("anna", title="Dr.")
    group = deployment.group("staff", anna)
    assert own_version(deployment.replace("User", anna, {}).etag) == 'W/"1"'
    assert own_version(deployment.replace("Group", group, {}).etag) == 'W/"1"'


def test_a_merging_put_keeps_replaces_or_clears_members_as_a_whole() -> None:
    deployment = FakeDeployment(profile=MERGING)
    anna, bert = deployment.user("anna"), deployment.user("bert")
    group = deployment.group("staff", anna)

    def members(body: dict[str, Any]) -> list[str]:
        deployment.replace("Group", group, body)
        shown: Any = deployment.shown("Group", group).get("members", [])
        return [each["value"] for each in shown]

    assert members({"displayName": "crew"}) == [anna]
    assert members({"members": [{"value": bert}]}) == [bert]
    assert members({"members": None}) == []
    assert deployment.shown("Group", group)["displayName"] == "crew"


def test_a_merging_put_cannot_clear_a_required_attribute() -> None:
    deployment = FakeDeployment(profile=MERGING)
    anna = deployment.user("anna")
    with pytest.raises(InvalidValue, match="userName"):
        deployment.replace("User", anna, {"userName": None})


def _crowd(room: int, size: int) -> tuple[FakeDeployment, str, list[str]]:
    deployment = FakeDeployment(bounds=Bounds(inline_members=room))
    users = [deployment.user(f"user{number}") for number in range(size)]
    return deployment, deployment.group("All", *users), users


def _members_of(deployment: FakeDeployment, group: str) -> list[str]:
    edges = all_edges(deployment.endpoint("Group"), Key("Group", group), "members")
    return sorted(edge.target.id for edge in edges)


@pytest.mark.parametrize(
    "more",
    [{}, {"members": None}, {"members": ""}, {"members": [""]}, {"members": [{}]}],
    ids=["left out", "null", "empty text", "a list of empty text", "a list of nothing"],
)
def test_a_group_too_large_to_show_keeps_its_members_when_it_is_put_back(
    more: dict[str, Any],
) -> None:
    deployment, group, users = _crowd(2, 3)
    shown = deployment.shown("Group", group)
    assert "members" not in shown
    deployment.replace("Group", group, {**shown, "displayName": "Everybody", **more})
    assert _members_of(deployment, group) == users
    assert deployment.shown("Group", group)["displayName"] == "Everybody"


def test_a_group_too_large_to_show_keeps_its_members_when_a_client_sends_its_name_only() -> None:
    deployment, group, users = _crowd(2, 3)
    deployment.replace("Group", group, {"displayName": "Everybody"})
    assert _members_of(deployment, group) == users


def test_groups_that_found_no_room_on_a_page_keep_their_members_when_they_are_put_back() -> None:
    deployment, one, users = _crowd(3, 2)
    other = deployment.group("Others", *users)
    listed = deployment.search("Group").resources
    assert sum("members" in each for each in listed) == 1
    for each in listed:
        deployment.replace("Group", str(each["id"]), each)
    assert _members_of(deployment, one) == users == _members_of(deployment, other)


@pytest.mark.parametrize(
    ("members", "left"), [([], []), ([{"value": id_(2)}], [id_(2)])], ids=["empty", "one"]
)
def test_a_list_replaces_also_members_that_are_too_many_to_show(
    members: list[dict[str, str]], left: list[str]
) -> None:
    deployment, group, _ = _crowd(2, 3)
    deployment.replace("Group", group, {"displayName": "All", "members": members})
    assert _members_of(deployment, group) == left


@pytest.mark.parametrize("profile", ["rfc", "okta", "interop-strict"])
def test_every_profile_keeps_what_it_did_not_show(profile: str) -> None:
    deployment, group, users = _crowd(2, 3)
    deployment.profile = shipped(profile)
    deployment.replace("Group", group, deployment.shown("Group", group))
    assert _members_of(deployment, group) == users


def test_a_group_that_was_shown_whole_is_emptied_by_a_put_without_members() -> None:
    deployment, group, _ = _crowd(3, 3)
    deployment.replace("Group", group, {"displayName": "All"})
    assert _members_of(deployment, group) == []


def test_a_relation_without_metadata_is_kept_for_no_page_can_say_what_it_left_out() -> None:
    deployment, group, users = _crowd(3, 3)
    endpoint = deployment.endpoint("Group")
    relations = tuple(replace(each, metadata=None) for each in endpoint.resource_type.relations)
    bare = replace(endpoint, resource_type=replace(endpoint.resource_type, relations=relations))
    body = {"schemas": [GROUP_URN], "displayName": "All"}
    put(bare, group, body, Precondition(), projected("Group"))
    assert _members_of(deployment, group) == users


def test_a_relation_that_a_get_shows_only_on_request_is_kept_by_a_put_without_it() -> None:
    deployment, group, users = _crowd(3, 3)
    endpoint = deployment.endpoint("Group")
    schema = endpoint.resource_type.schema
    attributes = tuple(
        replace(each, returned=Returned.REQUEST) if each.name == "members" else each
        for each in schema.attributes
    )
    hiding_type = replace(endpoint.resource_type, schema=replace(schema, attributes=attributes))
    hiding = replace(endpoint, resource_type=hiding_type)
    body: dict[str, Any] = {"schemas": [GROUP_URN], "displayName": "All"}
    put(hiding, group, body, Precondition(), projected("Group"))
    assert _members_of(deployment, group) == users
    put(hiding, group, {**body, "members": []}, Precondition(), projected("Group"))
    assert _members_of(deployment, group) == []
