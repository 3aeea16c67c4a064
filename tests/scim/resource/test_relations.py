"""Relations apart from bodies, and the targets their values name."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.resource.relations import Related, related, require_named, separated
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Relation
from scim.schema.schema import Attribute
from tests.scim.resource.types import GROUP, USER

MEMBERS = GROUP.relations[0]
MEMBERS_ATTRIBUTE = next(each for each in GROUP.schema.attributes if each.name == "members")
ONLY_USERS = Relation("members", ("User",))
SHIPPED = shipped_catalogue()


def test_relations_are_separated_from_the_body() -> None:
    result = separated(GROUP, {"displayName": "g", "members": [{"value": "1"}]})
    assert result.scalars == {"displayName": "g"}
    assert result.relations == {"members": ({"value": "1"},)}


def test_a_body_without_relations_is_left_as_it_is() -> None:
    assert separated(USER, {"emails": [{"value": "a"}]}).relations == {}
    assert separated(GROUP, {"displayName": "g"}).relations == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"value": "1"}, Related("1"), id="value"),
        pytest.param({"value": "1", "type": "user"}, Related("1", "User"), id="type-in-any-case"),
        pytest.param(
            {"value": "1", "$ref": "https://x.example/v2/Groups/1"},
            Related("1", "Group"),
            id="type-from-ref",
        ),
        pytest.param({"$ref": "../Users/1?a=b"}, Related("1", "User"), id="all-from-ref"),
        pytest.param({"value": "1", "$ref": "Robots/1"}, Related("1"), id="unknown-endpoint"),
    ],
)
def test_a_value_names_its_target(value: dict[str, Any], expected: Related) -> None:
    (found,) = related(MEMBERS, [value], SHIPPED)
    assert (found.id, found.type) == (expected.id, expected.type)


def test_a_relation_of_one_type_tells_the_type() -> None:
    assert related(ONLY_USERS, [{"value": "1"}], SHIPPED) == (Related("1", "User"),)


def test_sub_attributes_sent_with_a_member_are_kept() -> None:
    sent = {"value": "1", "$ref": "../Users/1", "type": "User", "display": "Ada"}
    assert related(MEMBERS, [sent], SHIPPED)[0].sent == {"type": "User", "display": "Ada"}


def test_a_member_named_twice_is_one_and_the_fuller_value_counts() -> None:
    sent = [{"value": "1"}, {"value": "2"}, {"value": "1", "type": "User"}]
    found = related(MEMBERS, sent, SHIPPED)
    assert [(each.id, each.type) for each in found] == [("1", "User"), ("2", None)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        pytest.param([{"display": "Ada"}], "members[0].value: the id", id="no-id"),
        pytest.param([{"value": " "}], "members[0].value: the id", id="blank-id"),
        pytest.param(
            [{"value": "1"}, {"value": "2", "type": "Robot"}],
            "members[1].type: expected User or Group",
            id="type",
        ),
        pytest.param(
            [{"value": "1", "type": "User"}, {"value": "1", "type": "Group"}],
            "members[1].type: contradicts",
            id="two-types",
        ),
    ],
)
def test_a_value_that_names_no_target_is_refused(values: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        related(MEMBERS, values, SHIPPED)
    assert refusal.value.detail.startswith(told)


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        ["1", None, 7],
        {"value": "1"},
        [{"Value": "1", "colour": "red"}, {"$REF": "../Users/1"}, {"value": "1", "operation": 7}],
        [{"value": [{"value": "1"}]}],
        [{}, {"value": None, "$ref": None}, {"value": "", "display": {"a": []}}],
    ],
)
def test_values_that_name_someone_or_say_nothing_pass(values: object) -> None:
    require_named(MEMBERS_ATTRIBUTE, values)


@pytest.mark.parametrize(
    ("values", "position"),
    [
        ([{"value": "1"}, {"id": "1"}], 1),
        ({"userName": "ada"}, 0),
        ([{"value": None, "$ref": "", "email": "a@x.example"}], 0),
        ([{"a": {"b": False}}], 0),
    ],
)
def test_a_value_with_parts_that_names_no_one_is_refused(values: object, position: int) -> None:
    with pytest.raises(InvalidValue, match=rf"^members\[{position}\]\.value: the id of a resource"):
        require_named(MEMBERS_ATTRIBUTE, values)


def test_a_value_to_delete_is_not_added() -> None:
    kept = [{"value": "1", "operation": "create"}, {"value": "2", "operation": None}]
    require_named(MEMBERS_ATTRIBUTE, kept)
    with pytest.raises(
        InvalidValue, match=r"^members\[2\]\.operation: send a PATCH with op remove"
    ):
        require_named(MEMBERS_ATTRIBUTE, [*kept, {"value": "3", "Operation": "Delete"}])
    own = replace(MEMBERS_ATTRIBUTE, sub_attributes=(Attribute("value"), Attribute("operation")))
    require_named(own, [{"value": "3", "operation": "delete"}])
