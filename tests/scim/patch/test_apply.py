"""The engine: the tables beside this file, in a profile without any tolerance."""

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.errors import (
    BadRequest,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    PayloadTooLarge,
    Unavailable,
)
from scim.patch.apply import Patched, applied, unfinished
from scim.patch.key import keys_of
from scim.patch.operation import Op, PatchOperation
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget
from tests.scim.patch.tables import (
    BADGE,
    BEFORE,
    EMAIL,
    GROUP,
    LENIENT,
    OPERATIONS,
    STRICT,
    USER,
    after_of,
    before_of,
    cases,
    operation,
    operation_on,
    operations_of,
    resource_type_of,
    steps_of,
)

TABLES = cases("rfc.json") + cases("engine.json") + cases("relations.json")
DONE = [case for case in TABLES if "error" not in case.values[0]]
REFUSED = [case for case in TABLES if "error" in case.values[0]]


@pytest.mark.parametrize("row", DONE)
def test_operations_have_the_result_of_the_table(row: dict[str, Any]) -> None:
    operations = operations_of(row, STRICT)
    patched = applied(resource_type_of(row), before_of(row), operations, STRICT, RequestBudget())
    assert patched.body == after_of(row)
    assert steps_of(patched) == row.get("steps", [])
    assert patched.tolerated == frozenset()


@pytest.mark.parametrize("row", REFUSED)
def test_operations_are_refused_as_the_table_says(row: dict[str, Any]) -> None:
    def made() -> None:
        operations = operations_of(row, STRICT)
        applied(resource_type_of(row), before_of(row), operations, STRICT, RequestBudget())

    with pytest.raises(BadRequest) as refusal:
        made()
    assert refusal.value.scim_type == row["error"]
    assert refusal.value.detail == row.get("detail", refusal.value.detail)


@pytest.mark.parametrize("row", DONE)
def test_a_request_made_twice_is_made_or_has_no_target(row: dict[str, Any]) -> None:
    operations = operations_of(row, STRICT)
    resource_type = resource_type_of(row)
    once = applied(resource_type, before_of(row), operations, STRICT, RequestBudget()).body
    if any(operation.op is Op.REMOVE or "[" in str(operation.path) for operation in operations):
        return
    assert applied(resource_type, once, operations, STRICT, RequestBudget()).body == once


def test_a_resource_that_lacks_what_its_schema_asks_for_today_can_be_changed() -> None:
    old = {"displayName": "from before userName was required"}
    sent = operation(Op.REPLACE, "title", "Guide")
    assert applied(USER, old, [sent], STRICT, RequestBudget()).body == {**old, "title": "Guide"}


def test_a_remove_without_path_has_no_target() -> None:
    with pytest.raises(NoTarget):
        applied(USER, BEFORE["User"], [operation(Op.REMOVE)], STRICT, RequestBudget())


@given(OPERATIONS, st.sampled_from([STRICT, LENIENT]))
def test_the_body_and_the_operations_given_are_never_changed(
    operations: list[PatchOperation], profile: Any
) -> None:
    given_body = copy.deepcopy(BEFORE["User"])
    sent = copy.deepcopy(operations)
    with suppress(BadRequest):
        applied(USER, given_body, operations, profile, RequestBudget())
    assert given_body == BEFORE["User"]
    assert operations == sent


@given(OPERATIONS)
def test_at_most_one_value_is_primary(operations: list[PatchOperation]) -> None:
    try:
        after = applied(USER, BEFORE["User"], operations, LENIENT, RequestBudget()).body
    except BadRequest:
        return
    emails = after.get("emails", [])
    assert isinstance(emails, list)
    assert sum(email.get("primary") is True for email in emails) <= 1


@given(OPERATIONS)
def test_nothing_unassigned_is_left_in_a_body(operations: list[PatchOperation]) -> None:
    try:
        after = applied(USER, BEFORE["User"], operations, LENIENT, RequestBudget()).body
    except BadRequest:
        return
    assert not _holds_unassigned(after)


@given(OPERATIONS)
def test_operations_together_have_the_result_of_each_in_turn(
    operations: list[PatchOperation],
) -> None:
    body = dict(BEFORE["User"])
    try:
        for operation in operations:
            body = unfinished(USER, body, [operation], LENIENT, RequestBudget()).body
    except BadRequest as first:
        with pytest.raises(type(first)):
            unfinished(USER, BEFORE["User"], operations, LENIENT, RequestBudget())
    else:
        assert unfinished(USER, BEFORE["User"], operations, LENIENT, RequestBudget()).body == body


@pytest.mark.parametrize("operate", [applied, unfinished])
def test_operations_end_when_the_response_is_due(operate: Callable[..., Patched]) -> None:
    due = iter([False, True])
    operations = [operation(Op.REPLACE, "title", title) for title in "abc"]
    with pytest.raises(Unavailable):
        operate(USER, BEFORE["User"], operations, STRICT, RequestBudget(is_late=lambda: next(due)))


def test_a_resource_must_be_complete_at_the_end_and_not_before() -> None:
    emptied, filled = (
        operation(Op.REPLACE, "userName", ""),
        operation(Op.REPLACE, "userName", "b"),
    )
    assert applied(USER, {"userName": "a"}, [emptied, filled], STRICT, RequestBudget()).body == {
        "userName": "b"
    }
    with pytest.raises(InvalidValue):
        applied(USER, {"userName": "a"}, [emptied], STRICT, RequestBudget())


@given(st.lists(EMAIL, min_size=1, max_size=3))
def test_adding_an_existing_value_changes_nothing(emails: list[dict[str, object]]) -> None:
    sent = operation(Op.ADD, "emails", emails)
    try:
        once = applied(USER, {"userName": "a"}, [sent], LENIENT, RequestBudget()).body
    except BadRequest:
        return
    assert applied(USER, once, [sent], LENIENT, RequestBudget()).body == once


def test_relations_are_never_in_the_body() -> None:
    sent = operation(Op.ADD, None, {"members": [{"value": "a"}], "displayName": "h"})
    assert applied(GROUP, {"displayName": "g"}, [sent], STRICT, RequestBudget()).body == {
        "displayName": "h"
    }


def _holds_unassigned(value: object) -> bool:
    if isinstance(value, dict):
        return not value or any(map(_holds_unassigned, value.values()))
    if isinstance(value, list):
        return not value or any(map(_holds_unassigned, value))
    return value is None


@pytest.mark.parametrize(
    ("members", "tolerance"),
    [
        (["abc"], Tolerance.BARE_REFERENCE),
        ([{"value": "abc", "bogus": 1}], Tolerance.UNKNOWN_ATTRIBUTES),
    ],
    ids=["bare", "unknown"],
)
def test_the_tolerances_used_by_each_operation_are_reported(
    members: Any, tolerance: Tolerance
) -> None:
    both = [operation(Op.REPLACE, "displayName", 7), operation(Op.ADD, "members", members)]
    for operations in (both, both[::-1]):
        patched = unfinished(GROUP, {"displayName": "g"}, operations, LENIENT, RequestBudget())
        assert patched.tolerated == {Tolerance.STRING_NUMBER, tolerance}


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ({"title": "x"}, {"userName": "a", "title": "x"}),
        ({"schemas": [USER.schema.id]}, {"userName": "a"}),
    ],
    ids=["attribute", "schemas"],
)
def test_a_key_of_a_value_may_be_the_path_of_an_operation(
    value: dict[str, Any], after: dict[str, Any]
) -> None:
    ((key, part),) = keys_of(USER, value, STRICT)
    sent = PatchOperation(Op.ADD, key, part, 0)
    assert applied(USER, {"userName": "a"}, [sent], STRICT, RequestBudget()).body == after


@pytest.mark.parametrize("profile", [LENIENT, STRICT], ids=["lenient", "strict"])
def test_a_schema_the_type_does_not_have_is_not_added(profile: Profile) -> None:
    ((key, part),) = keys_of(USER, {"schemas": ["urn:x"]}, profile)
    with pytest.raises(InvalidValue, match=r"schemas: User has no schema 'urn:x'\.$"):
        applied(
            USER,
            {"userName": "a"},
            [PatchOperation(Op.ADD, key, part, 0)],
            profile,
            RequestBudget(),
        )
    with pytest.raises(Mutability, match=r"schemas is required; remove the extension's attributes"):
        applied(
            USER,
            {"userName": "a"},
            [PatchOperation(Op.REMOVE, key, part, 0)],
            profile,
            RequestBudget(),
        )


def test_a_name_given_twice_in_a_value_is_refused_by_name() -> None:
    sent = operation(Op.ADD, None, {"title": "x", "TITLE": "y"})
    with pytest.raises(InvalidSyntax, match=r"value: title occurs more than once"):
        applied(USER, {"userName": "a"}, [sent], STRICT, RequestBudget())


def test_a_refusal_of_too_many_values_names_the_attribute() -> None:
    added = operation(Op.ADD, "emails", [{"value": f"{number}@x.example"} for number in range(3)])
    with pytest.raises(PayloadTooLarge, match=r"emails has 5 values; at most 4 are taken"):
        applied(USER, BEFORE["User"], [added], STRICT, RequestBudget(values=4))


def test_a_part_of_several_values_costs_each_of_them() -> None:
    def cost(values: int) -> int:
        budget = RequestBudget()
        body = {"label": "a", "owner": {"value": "u1", "phones": [str(n) for n in range(values)]}}
        applied(
            BADGE,
            body,
            [operation_on(BADGE, operation(Op.ADD, "owner.phones", ["x"]))],
            STRICT,
            budget,
        )
        return budget.compared

    assert cost(50) - cost(0) >= 50
