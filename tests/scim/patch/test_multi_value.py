"""Edits of multi-valued attributes."""

from dataclasses import replace

import pytest

from scim.errors import NoTarget
from scim.patch.edit import Edit
from scim.patch.multi_value import parts_in, revised_values, selection, spend_on_selection
from scim.patch.operation import Op
from scim.patch.value_places import ValuePlaces
from scim.profile import Tolerance
from scim.resource.budget import RequestBudget
from scim.schema.schema import Attribute
from tests.scim.patch.tables import LENIENT, STRICT, USER, target_at

HELD = [{"value": "a", "type": "work", "primary": True}, {"value": "b", "type": "home"}]


def edit(op: Op, path: str, value: object = None) -> Edit:
    return Edit(op, target_at(USER, path, LENIENT), value)


def test_a_path_without_filter_selects_every_value() -> None:
    assert all(map(selection(target_at(USER, "emails.type", STRICT), STRICT), HELD))


def test_a_filter_selects_the_values_that_fulfil_it() -> None:
    is_meant = selection(target_at(USER, 'emails[type eq "HOME"]', STRICT), STRICT)
    assert [is_meant(value) for value in HELD] == [False, True]


def test_a_new_primary_value_demotes_the_old_one() -> None:
    after = revised_values(
        edit(Op.REPLACE, 'emails[type eq "home"].primary', True), HELD, STRICT, ValuePlaces()
    )
    assert after.value == [
        {"value": "a", "type": "work", "primary": False},
        {"value": "b", "type": "home", "primary": True},
    ]
    assert HELD[0]["primary"] is True


def test_values_made_equal_are_kept_once_and_primary() -> None:
    same = {"value": "c", "type": "work", "primary": True}
    after = revised_values(
        edit(Op.REPLACE, 'emails[type eq "home"]', same), HELD[1:], STRICT, ValuePlaces()
    )
    assert after.value == [same]


def test_removing_the_last_value_leaves_no_value() -> None:
    assert (
        revised_values(edit(Op.REMOVE, "emails[value pr]"), HELD, STRICT, ValuePlaces()).value
        is None
    )


def test_a_filter_that_selects_nothing_has_no_target() -> None:
    with pytest.raises(NoTarget, match="emails has no value that the path selects"):
        revised_values(edit(Op.REMOVE, 'emails[type eq "other"]'), HELD, STRICT, ValuePlaces())


def test_the_tolerances_of_a_filter_are_reported() -> None:
    found = revised_values(
        edit(Op.REMOVE, 'emails[primary eq "True"]'), HELD, LENIENT, ValuePlaces()
    )
    assert found.tolerated == {Tolerance.STRING_BOOLEAN}


KEYED = replace(
    USER,
    schema=replace(
        USER.schema,
        attributes=tuple(
            replace(each, known_by="display") if each.name == "emails" else each
            for each in USER.schema.attributes
        ),
    ),
)


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ({"display": "1", "value": "z"}, [{"display": "1", "value": "z", "type": "work"}]),
        (
            {"value": "a", "type": "work", "primary": True},
            [{"display": "1", "value": "a", "type": "work", "primary": True}],
        ),
        (
            {"display": "2", "value": "a", "type": "work"},
            [
                {"display": "1", "value": "a", "type": "work"},
                {"display": "2", "value": "a", "type": "work"},
            ],
        ),
    ],
    ids=["the same name", "the same content", "another name"],
)
def test_a_value_that_is_there_under_its_name_is_completed(
    value: dict[str, object], after: list[object]
) -> None:
    held = [{"display": "1", "value": "a", "type": "work"}]
    added = Edit(Op.ADD, target_at(KEYED, "emails", STRICT), [value])
    assert revised_values(added, held, STRICT, ValuePlaces()).value == after


def test_a_value_added_twice_in_one_operation_is_kept_once() -> None:
    added = [{"display": "1", "value": "a", "type": "work"}, {"value": "a", "type": "work"}]
    edited = Edit(Op.ADD, target_at(KEYED, "emails", STRICT), added)
    assert revised_values(edited, [], STRICT, ValuePlaces()).value == added[:1]


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("emails.type", 20),
        ('emails[type eq "work"]', 20),
        ('emails[type eq "work" and value sw "a"]', 30),
    ],
)
def test_a_selection_costs_its_terms_and_one_more_for_each_value(path: str, number: int) -> None:
    budget = RequestBudget()
    spend_on_selection(target_at(USER, path, STRICT), [{"value": "a", "type": "b"}] * 10, budget)
    assert budget.compared == number


def test_values_of_a_part_of_a_value_are_counted() -> None:
    labels = Attribute("labels", multi_valued=True)
    assert parts_in({"labels": ["a", "b", "c"]}, labels) == 3
    assert parts_in({"labels": "a"}, labels) == parts_in("a", labels) == parts_in({}, None) == 0


LABELLED = replace(
    USER,
    schema=replace(
        USER.schema,
        attributes=tuple(
            replace(
                each, sub_attributes=(*each.sub_attributes, Attribute("labels", multi_valued=True))
            )
            if each.name == "emails"
            else each
            for each in USER.schema.attributes
        ),
    ),
)


def test_changing_a_part_of_many_values_costs_one_comparison_for_each() -> None:
    held = [{"value": "a", "labels": ["x", "y", "z"]}, {"value": "b"}]
    places = ValuePlaces(RequestBudget())
    target = target_at(LABELLED, "emails.labels", STRICT)
    after = revised_values(Edit(Op.ADD, target, ["w"]), held, STRICT, places)
    assert after.value == [
        {"value": "a", "labels": ["x", "y", "z", "w"]},
        {"value": "b", "labels": ["w"]},
    ]
    finding, changing, labels = 2 * (3 + 1), 2 * 3, 3
    assert places.budget.compared == finding + changing + labels
