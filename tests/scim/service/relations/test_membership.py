"""A PATCH of a relation changes only what differs, however it is written."""

from collections.abc import Callable
from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.profile import Profile, Tolerance
from scim.profile.parts import Domains
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import LATER, STRICT, FakeDeployment, id_, own_version

UNKNOWN = "11111111-1111-4111-8111-111111111111"
ANNA, BERT, CARL, GROUP = id_(1), id_(2), id_(3), id_(4)


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    """A group of anna and bert; carl is in none."""
    deployment = FakeDeployment()
    for name in ("anna", "bert", "carl"):
        deployment.user(name, displayName=name.title())
    deployment.group("All", ANNA, BERT)
    deployment.clock.time = LATER
    return deployment


def _values(*ids: str) -> list[dict[str, str]]:
    return [{"value": each} for each in ids]


@pytest.mark.parametrize(
    ("operations", "members"),
    [
        pytest.param(
            [{"op": "add", "path": "members", "value": _values(CARL)}],
            [ANNA, BERT, CARL],
            id="add",
        ),
        pytest.param(
            [{"op": "add", "path": "members", "value": {"value": CARL}}],
            [ANNA, BERT, CARL],
            id="add one that is no array",
        ),
        pytest.param(
            [{"op": "add", "value": {"members": _values(CARL)}}],
            [ANNA, BERT, CARL],
            id="add without a path",
        ),
        pytest.param(
            [{"op": "remove", "path": f'members[value eq "{ANNA}"]'}], [BERT], id="remove by id"
        ),
        pytest.param(
            [{"op": "remove", "path": f'members[value eq "{ANNA}" or value eq "{BERT}"]'}],
            [],
            id="remove two by id",
        ),
        pytest.param(
            [{"op": "remove", "path": "members", "value": _values(ANNA)}],
            [BERT],
            id="remove by value, as Entra",
        ),
        pytest.param([{"op": "remove", "path": "members"}], [], id="remove all"),
        pytest.param(
            [{"op": "replace", "path": "members", "value": _values(CARL)}], [CARL], id="replace"
        ),
        pytest.param([{"op": "replace", "path": "members", "value": []}], [], id="replace by none"),
        pytest.param(
            [
                {"op": "remove", "path": "members"},
                {"op": "add", "path": "members", "value": _values(BERT, CARL)},
            ],
            [BERT, CARL],
            id="remove all, then add",
        ),
        pytest.param(
            [
                {"op": "add", "path": "members", "value": _values(CARL)},
                {"op": "remove", "path": f'members[value eq "{CARL}"]'},
            ],
            [ANNA, BERT],
            id="add, then remove",
        ),
        pytest.param(
            [
                {"op": "remove", "path": f'members[value eq "{ANNA}"]'},
                {"op": "add", "path": "members", "value": _values(ANNA)},
            ],
            [ANNA, BERT],
            id="remove, then add",
        ),
        pytest.param(
            [{"op": "remove", "path": 'members[display eq "Anna"]'}],
            [BERT],
            id="remove by the name that is shown",
        ),
        pytest.param(
            [{"op": "remove", "path": f'members[value ne "{ANNA}"]'}],
            [ANNA],
            id="remove all but one",
        ),
        pytest.param(
            [{"op": "remove", "path": 'members[type eq "User"]'}], [], id="remove by type"
        ),
        pytest.param(
            [
                {"op": "add", "path": "members", "value": _values(CARL)},
                {"op": "remove", "path": f'members[value ne "{ANNA}"]'},
            ],
            [ANNA],
            id="add, then remove what matches",
        ),
        pytest.param(
            [
                {"op": "add", "path": "members", "value": _values(ANNA, CARL)},
                {"op": "remove", "path": 'members[type eq "User"]'},
            ],
            [],
            id="add, then remove by the type that is shown",
        ),
        pytest.param(
            [
                {"op": "replace", "path": "members", "value": _values(ANNA, CARL)},
                {"op": "remove", "path": 'members[display eq "Carl"]'},
            ],
            [ANNA],
            id="replace, then remove by the name that is shown",
        ),
        pytest.param(
            [
                {"op": "remove", "path": f'members[value ne "{ANNA}"]'},
                {"op": "add", "path": "members", "value": _values(CARL)},
            ],
            [ANNA, CARL],
            id="remove what matches, then add",
        ),
        pytest.param(
            [
                {"op": "replace", "path": "members", "value": _values(BERT, CARL)},
                {"op": "remove", "path": f'members[value ne "{CARL}"]'},
            ],
            [CARL],
            id="replace, then remove what matches",
        ),
    ],
)
def test_operations_change_the_members_as_stated(
    deployment: FakeDeployment, operations: list[Any], members: list[str]
) -> None:
    deployment.modify("Group", GROUP, *operations)
    assert deployment.member_ids(GROUP) == members
    for each in (ANNA, BERT, CARL):
        groups = deployment.shown("User", each).get("groups", [])
        assert [group["value"] for group in groups] == ([GROUP] if each in members else [])


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param({"op": "add", "path": "members", "value": _values(ANNA)}, id="add again"),
        pytest.param({"op": "add", "path": "members", "value": []}, id="add none"),
        pytest.param(
            {"op": "remove", "path": f'members[value eq "{CARL}"]'}, id="remove who is not in it"
        ),
        pytest.param(
            {"op": "remove", "path": f'members[value eq "{UNKNOWN}"]'}, id="remove nobody"
        ),
        pytest.param(
            {"op": "remove", "path": 'members[display eq "Carl"]'}, id="remove what does not match"
        ),
        pytest.param(
            {"op": "replace", "path": "members", "value": _values(BERT, ANNA)}, id="the same"
        ),
    ],
)
def test_an_operation_that_changes_nothing_keeps_the_version(
    deployment: FakeDeployment, operation: Any
) -> None:
    """An error here, or a new version, makes Entra send the same for ever (Infisical #6471)."""
    before = deployment.shown("Group", GROUP)
    answer = deployment.modify("Group", GROUP, operation)
    assert own_version(answer.etag) == 'W/"1"'
    assert deployment.shown("Group", GROUP) == before


def test_every_change_is_one_version(deployment: FakeDeployment) -> None:
    assert own_version(deployment.add(GROUP, CARL).etag) == 'W/"2"'
    assert own_version(deployment.remove(GROUP, CARL).etag) == 'W/"3"'
    assert deployment.shown("Group", GROUP)["meta"]["lastModified"] == LATER


def test_a_change_of_members_is_none_of_the_member(deployment: FakeDeployment) -> None:
    deployment.add(GROUP, CARL)
    assert own_version(deployment.read("User", CARL).etag) == 'W/"1"'


def test_the_answer_counts_the_members_as_they_are_now(deployment: FakeDeployment) -> None:
    answer = deployment.add(GROUP, CARL)
    assert answer.resource is not None
    assert [each["value"] for each in answer.resource["members"]] == [  # type: ignore[attr-defined]
        ANNA,
        BERT,
        CARL,
    ]
    emptied = deployment.modify("Group", GROUP, {"op": "remove", "path": "members"})
    assert emptied.resource is not None
    assert emptied.resource["members"] == []


def test_members_and_attributes_change_together(deployment: FakeDeployment) -> None:
    answer = deployment.modify(
        "Group",
        GROUP,
        {"op": "replace", "value": {"displayName": "Everyone"}},
        {"op": "add", "path": "members", "value": _values(CARL)},
    )
    assert own_version(answer.etag) == 'W/"2"'
    assert deployment.shown("Group", GROUP)["displayName"] == "Everyone"
    assert deployment.member_ids(GROUP) == [ANNA, BERT, CARL]


def test_a_group_is_a_member_like_a_user(deployment: FakeDeployment) -> None:
    nested = deployment.group("Sales", CARL)
    deployment.add(GROUP, nested)
    (shown,) = (
        each for each in deployment.shown("Group", GROUP)["members"] if each["type"] == "Group"
    )
    assert shown == {
        "value": nested,
        "$ref": f"https://scim.example/scim/v2/Groups/{nested}",
        "display": "Sales",
        "type": "Group",
    }
    deployment.remove(GROUP, nested)
    assert deployment.member_ids(GROUP) == [ANNA, BERT]


@pytest.mark.parametrize("op", ["add", "replace"])
def test_a_group_cannot_be_a_member_of_itself(deployment: FakeDeployment, op: str) -> None:
    with pytest.raises(InvalidValue, match="must not contain the resource itself"):
        deployment.modify("Group", GROUP, {"op": op, "path": "members", "value": _values(GROUP)})
    assert deployment.member_ids(GROUP) == [ANNA, BERT]


@pytest.mark.parametrize("op", ["add", "replace"])
def test_unknown_members_are_left_out_where_that_is_tolerated(
    deployment: FakeDeployment, op: str
) -> None:
    operation = {"op": op, "path": "members", "value": _values(ANNA, BERT, UNKNOWN)}
    answer = deployment.modify("Group", GROUP, operation)
    assert answer.tolerated == {Tolerance.UNKNOWN_TARGETS}
    assert own_version(answer.etag) == 'W/"1"'


@pytest.mark.parametrize("op", ["add", "replace"])
def test_unknown_members_are_refused_where_they_are_not_tolerated(
    deployment: FakeDeployment, op: str
) -> None:
    deployment.profile = STRICT
    operation = {"op": op, "path": "members", "value": _values(CARL, UNKNOWN)}
    with pytest.raises(InvalidValue, match=r"members names 1 resource.*User or Group"):
        deployment.modify("Group", GROUP, operation)
    assert deployment.member_ids(GROUP) == [ANNA, BERT]


@pytest.mark.parametrize("op", ["add", "replace"])
def test_a_member_of_another_tenant_is_unknown(deployment: FakeDeployment, op: str) -> None:
    foreign = deployment.user("mallory", tenant="other")
    operation = {"op": op, "path": "members", "value": _values(ANNA, BERT, foreign)}
    assert deployment.modify("Group", GROUP, operation).tolerated == {Tolerance.UNKNOWN_TARGETS}
    assert deployment.member_ids(GROUP) == [ANNA, BERT]
    assert "groups" not in deployment.shown("User", foreign, "other")


def test_the_name_the_client_sent_is_the_one_it_sees(deployment: FakeDeployment) -> None:
    value = [{"value": CARL, "display": "Somebody"}]
    deployment.modify("Group", GROUP, {"op": "add", "path": "members", "value": value})
    shown = {each["value"]: each for each in deployment.shown("Group", GROUP)["members"]}
    assert {id_: each["display"] for id_, each in shown.items()} == {
        ANNA: "Anna",
        BERT: "Bert",
        CARL: "Somebody",
    }


def test_a_deleted_member_can_be_removed_without_complaint(deployment: FakeDeployment) -> None:
    deployment.delete("User", ANNA)
    version = deployment.read("Group", GROUP).etag
    assert deployment.remove(GROUP, ANNA).etag == version
    assert deployment.member_ids(GROUP) == [BERT]


def test_a_member_is_removed_by_its_name_with_the_primary_domain_too() -> None:
    names = {"User": ("userName",), "Group": ("displayName", "members.display")}
    deployment = FakeDeployment(profile=Profile(domains=Domains(names=names)))
    group = deployment.group("staff", deployment.user("kim"), deployment.user("TEST/kim"))
    path = 'members[display eq "PRIMARY/kim"]'
    deployment.modify("Group", group, {"op": "remove", "path": path})
    shown: Any = deployment.shown("Group", group)["members"]
    assert [each["display"] for each in shown] == ["TEST/kim"]


class Meanwhile(FakeDirectory):
    """Calls `act` once, after edges have been read."""

    act: Callable[[], object] | None = None

    def edges(self, *arguments: Any) -> Any:
        page = super().edges(*arguments)
        act, self.act = self.act, None
        if act is not None:
            act()
        return page


def test_a_member_added_while_others_are_removed_by_a_filter_stays() -> None:
    directory = Meanwhile()
    deployment = FakeDeployment(directory)
    anna, bert, carl = (deployment.user(name) for name in ("anna", "bert", "carl"))
    group = deployment.group("All", anna, bert)
    join = {"op": "add", "path": "members", "value": _values(carl)}
    directory.act = lambda: deployment.modify("Group", group, join)
    leave = {"op": "remove", "path": 'members[display eq "anna"]'}
    deployment.modify("Group", group, leave)
    assert sorted(deployment.member_ids(group)) == sorted([bert, carl])


@pytest.mark.parametrize("profile", [Profile(), STRICT], ids=["lenient", "strict"])
@pytest.mark.parametrize("has_path", [True, False], ids=["with a path", "without a path"])
@pytest.mark.parametrize(
    "value",
    ["", [""], [None], {}, [{}], {"value": ""}, [{"value": ""}], [{"value": None}, {"type": ""}]],
    ids=str,
)
def test_a_replace_with_a_malformed_value_removes_no_member(
    value: object, *, has_path: bool, profile: Profile
) -> None:
    deployment = FakeDeployment(profile=profile)
    group = deployment.group("All", deployment.user("anna"))
    operation = {"path": "members", "value": value} if has_path else {"value": {"members": value}}
    with pytest.raises(InvalidValue, match="members"):
        deployment.modify("Group", group, {"op": "replace", **operation})
    assert len(deployment.member_ids(group)) == 1


@pytest.mark.parametrize("value", [[], None])
def test_a_replace_by_an_empty_list_or_null_removes_everyone(
    deployment: FakeDeployment, value: object
) -> None:
    deployment.modify("Group", GROUP, {"op": "replace", "path": "members", "value": value})
    assert deployment.member_ids(GROUP) == []
