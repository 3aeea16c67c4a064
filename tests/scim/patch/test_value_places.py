"""The positions of values are remembered from one addition to the next without changing the result."""

from scim.errors import TooMany
from scim.patch.apply import applied
from scim.patch.operation import Op, PatchOperation
from scim.patch.value_places import ValuePlaces
from scim.resource.budget import RequestBudget
from tests.scim.patch.tables import LENIENT, STRICT, USER, operation, operation_on, target_at

EMAILS = target_at(USER, "emails", STRICT).whole


def _adding(*values: dict[str, object]) -> list[PatchOperation]:
    return [
        operation_on(USER, operation(Op.ADD, "emails", [value], at))
        for at, value in enumerate(values)
    ]


def _number(at: int) -> dict[str, object]:
    return {"value": str(at)}


def test_a_thousand_additions_look_at_the_values_once() -> None:
    held = [_number(at) for at in range(500)]
    budget = RequestBudget(comparisons=500)
    operations = _adding(*(_number(at) for at in range(1000)))
    after = applied(USER, {"userName": "a", "emails": held}, operations, STRICT, budget).body
    assert after["emails"] == [_number(at) for at in range(1000)]
    assert budget.compared == 500


def test_the_same_value_added_again_is_completed_wherever_it_came_from() -> None:
    operations = _adding(
        {"value": "a"}, {"value": "b"}, {"value": "a", "display": "A"}, {"value": "b", "type": "x"}
    )
    body = {"userName": "a", "emails": [{"value": "b", "display": "B"}]}
    assert applied(USER, body, operations, STRICT, RequestBudget()).body["emails"] == [
        {"value": "b", "display": "B"},
        {"value": "a", "display": "A"},
        {"value": "b", "type": "x"},
    ]


def test_values_changed_elsewhere_are_looked_at_again() -> None:
    operations = [
        *_adding({"value": "a", "type": "work"}, {"value": "b", "type": "work"}),
        operation_on(USER, operation(Op.REMOVE, 'emails[value eq "a"]', None, 2)),
        *_adding({"value": "a", "type": "work"}, {"value": "b", "type": "work", "display": "B"}),
    ]
    assert applied(USER, {"userName": "a"}, operations, LENIENT, RequestBudget()).body[
        "emails"
    ] == [
        {"value": "b", "type": "work", "display": "B"},
        {"value": "a", "type": "work"},
    ]


def test_positions_are_remembered_only_for_the_resulting_list() -> None:
    places = ValuePlaces(RequestBudget(comparisons=3))
    united = places.united(EMAILS, [_number(0), _number(1)], [_number(2)])
    after = list(united.elements)
    places.keep(EMAILS, united.elements, after)
    again = places.united(EMAILS, after, [_number(2), _number(3)])
    assert again.elements == [_number(at) for at in range(4)]
    assert again.touched == {2, 3}
    try:
        places.united(EMAILS, list(after), [])
    except TooMany:
        return
    raise AssertionError("other values were not looked at")
