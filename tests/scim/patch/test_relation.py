"""Relations: edits that become steps."""

import pytest

from scim.errors import InvalidValue
from scim.filter.parsing.parse import parse_filter
from scim.patch.edit import Edit
from scim.patch.operation import Op
from scim.patch.relation import (
    AddTargets,
    RemoveTargets,
    ReplaceTargets,
    identifier_in,
    named_ids,
    step_of,
)
from scim.profile import Tolerance
from tests.scim.patch.tables import GROUP, LENIENT, STRICT, target_at


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('value eq "a"', ("a",)),
        ('VALUE eq "a" or value EQ "b" or value eq "a"', ("a", "b")),
        ('value eq "a" or (value eq "b" or value eq "c")', ("a", "b", "c")),
        ('value eq "a" or type eq "User"', None),
        ('value eq "a" and value eq "b"', None),
        ('value ne "a"', None),
        ("value eq 7", None),
        ("value pr", None),
        ('not (value eq "a")', None),
    ],
)
def test_a_filter_names_ids_or_asks_for_more(text: str, ids: tuple[str, ...] | None) -> None:
    assert named_ids(parse_filter(text).filter) == ids


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        ({"value": "a"}, "a"),
        ({"Value": "a", "$ref": "../Users/b"}, "a"),
        ({"$REF": "https://example.com/v2/Users/b/"}, "b"),
        ("a", "a"),
        (" ", None),
        ({"value": " "}, None),
        ({"value": 7, "$ref": "../Users/b"}, None),
        ({"$ref": "https://scim.example/Users/b/?attributes=id#top"}, "b"),
        ({}, None),
        (None, None),
    ],
)
def test_a_value_names_an_id_or_none(value: object, id_: str | None) -> None:
    assert identifier_in(value) == id_


def test_values_become_the_step_that_adds_them() -> None:
    edit = Edit(Op.ADD, target_at(GROUP, "members", STRICT), [{"value": "a"}])
    assert step_of(edit, STRICT).step == AddTargets("members", ({"value": "a"},))


def test_equal_values_are_added_once() -> None:
    edit = Edit(Op.ADD, target_at(GROUP, "members", STRICT), [{"value": "a"}, {"value": "a"}])
    assert step_of(edit, LENIENT).step == AddTargets("members", ({"value": "a"},))


def test_a_replace_tells_the_tolerances_of_its_values() -> None:
    values = [{"value": "a", "colour": "red"}]
    edit = Edit(Op.REPLACE, target_at(GROUP, "members", LENIENT), values)
    replaced = step_of(edit, LENIENT)
    assert replaced.step == ReplaceTargets("members", ({"value": "a"},))
    assert replaced.tolerated == {Tolerance.UNKNOWN_ATTRIBUTES}


@pytest.mark.parametrize("op", [Op.ADD, Op.REPLACE])
def test_a_refusal_names_the_value_without_an_id(op: Op) -> None:
    edit = Edit(op, target_at(GROUP, "members", STRICT), [{"value": "a"}, {"value": " "}])
    with pytest.raises(InvalidValue, match=r"^members\[1\]\.value: the id of a resource"):
        step_of(edit, STRICT)


def test_a_filter_becomes_the_step_that_removes_what_it_names() -> None:
    edit = Edit(Op.REMOVE, target_at(GROUP, 'members[value eq "a"]', STRICT))
    assert step_of(edit, STRICT).step == RemoveTargets("members", ("a",))
