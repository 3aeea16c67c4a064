"""Dialects: the recorded spellings of real clients, and what a strict profile says to them."""

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given

from scim.errors import BadRequest
from scim.patch.apply import Patched, applied
from scim.patch.operation import Op, PatchOperation, resolved_operations
from scim.patch.request import request_of
from scim.patch.rewrites.normalise import OF_KEYS, REWRITES, Normalised, is_plain, normalised
from scim.patch.rewrites.rewrite import RewriteContext
from scim.patch.rewrites.values import set_in_list, set_in_text
from scim.patch.target import Target
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget
from scim.schema.message_uri import PATCH_OP_URN
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import COMMON
from tests.scim.patch.tables import (
    BEFORE,
    GROUP,
    LENIENT,
    OPERATIONS,
    STRICT,
    USER,
    after_of,
    before_of,
    cases,
    operation,
    resource_type_of,
    steps_of,
    written,
)

TABLE = cases("dialects.json")
DONE = [case for case in TABLE if "error" not in case.values[0]]
REFUSED = [case for case in TABLE if "error" in case.values[0]]


def plain(row: dict[str, Any], profile: Profile) -> Normalised:
    request = request_of({"schemas": [PATCH_OP_URN], "Operations": row["operations"]}, profile)
    body = {"id": "self", **before_of(row)}
    on = resolved_operations(resource_type_of(row), request.operations, profile)
    found = normalised(resource_type_of(row), body, on.operations, profile, RequestBudget())
    return Normalised(found.operations, found.tolerated | request.tolerated | on.tolerated)


def patched(row: dict[str, Any], profile: Profile) -> Patched:
    found = plain(row, profile)
    made = applied(
        resource_type_of(row), before_of(row), found.operations, profile, RequestBudget()
    )
    return Patched(made.body, made.steps, made.tolerated | found.tolerated)


@pytest.mark.parametrize("row", DONE)
def test_a_dialect_has_the_effect_its_client_meant(row: dict[str, Any]) -> None:
    made = patched(row, LENIENT)
    assert made.body == after_of(row)
    assert steps_of(made) == row.get("steps", [])
    assert sorted(made.tolerated) == row["tolerated"]


@pytest.mark.parametrize("row", REFUSED)
def test_an_operation_without_a_plausible_meaning_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as refusal:
        patched(row, LENIENT)
    assert refusal.value.scim_type == row["error"]


@pytest.mark.parametrize("row", [case for case in DONE if "plain" in case.values[0]])
def test_a_dialect_becomes_plain_operations(row: dict[str, Any]) -> None:
    expected = [(each["op"], each.get("path"), each.get("value")) for each in row["plain"]]
    found = written(plain(row, LENIENT).operations)
    assert [each[:3] for each in found] == expected


@pytest.mark.parametrize("row", DONE)
def test_plain_operations_are_left_as_they_are(row: dict[str, Any]) -> None:
    once = plain(row, LENIENT)
    body = {"id": "self", **before_of(row)}
    again = normalised(resource_type_of(row), body, once.operations, LENIENT, RequestBudget())
    made = applied(
        resource_type_of(row), before_of(row), again.operations, LENIENT, RequestBudget()
    )
    assert made.body == after_of(row)


@pytest.mark.parametrize("row", TABLE)
def test_a_strict_profile_has_no_dialects(row: dict[str, Any]) -> None:
    expected = row.get("strict", row.get("error"))
    if isinstance(expected, str):
        with pytest.raises(BadRequest) as refusal:
            patched(row, STRICT)
        assert refusal.value.scim_type == expected
        return
    changes = row["changes"] if expected is None else expected[0]
    made = patched(row, STRICT)
    assert made.body == after_of({**row, "changes": changes})
    assert made.tolerated == frozenset()


@pytest.mark.parametrize("case", cases("engine.json") + cases("relations.json") + cases("rfc.json"))
def test_every_profile_does_what_a_strict_profile_does(case: dict[str, Any]) -> None:
    if "error" in case:
        return
    made = patched(case, LENIENT)
    assert made.body == after_of(case)
    assert steps_of(made) == case.get("steps", [])


@given(OPERATIONS)
def test_normalising_changes_nothing_it_is_given(operations: list[PatchOperation]) -> None:
    body = copy.deepcopy(BEFORE["User"])
    sent = copy.deepcopy(operations)
    with suppress(BadRequest):
        normalised(
            USER,
            body,
            resolved_operations(USER, operations, LENIENT).operations,
            LENIENT,
            RequestBudget(),
        )
    assert body == BEFORE["User"]
    assert operations == sent


@given(OPERATIONS)
def test_a_profile_without_tolerances_changes_no_meaning(operations: list[PatchOperation]) -> None:
    try:
        placed = resolved_operations(USER, operations, STRICT).operations
        expected = applied(USER, BEFORE["User"], placed, STRICT, RequestBudget()).body
    except BadRequest as first:
        with pytest.raises(type(first)):
            _applied_strictly(operations)
    else:
        assert _applied_strictly(operations) == expected


def _applied_strictly(operations: list[PatchOperation]) -> dict[str, object]:
    found = normalised(
        USER,
        BEFORE["User"],
        resolved_operations(USER, operations, STRICT).operations,
        STRICT,
        RequestBudget(),
    )
    assert found.tolerated == frozenset()
    return applied(USER, BEFORE["User"], found.operations, STRICT, RequestBudget()).body


def test_operations_keep_the_position_of_the_one_they_come_from() -> None:
    sent = [
        operation(Op.REPLACE, "title", "x", 0),
        operation(Op.REPLACE, None, {"name.givenName": "a", "active": "False"}, 1),
    ]
    found = normalised(
        USER,
        BEFORE["User"],
        resolved_operations(USER, sent, LENIENT).operations,
        LENIENT,
        RequestBudget(),
    ).operations
    assert [(path, position) for _, path, _, position in written(found)] == [
        ("title", 0),
        ("name.givenName", 1),
        ("active", 1),
    ]


def test_a_refusal_names_the_operation_the_client_sent() -> None:
    sent = [
        operation(Op.REPLACE, None, {"title": "x", "nickName": "y"}, 0),
        operation(Op.REPLACE, "colour", "red", 1),
    ]
    with pytest.raises(BadRequest, match=r"^Operations\[1\]: User has no attribute 'colour'"):
        resolved_operations(USER, sent, STRICT)


def test_thirty_six_parts_in_one_request_fill_one_value_each() -> None:
    kinds = ("work", "home", "other")
    parts = ("streetAddress", "locality", "region", "postalCode", "country", "formatted")
    sent = [
        operation(Op.ADD, f'addresses[type eq "{kind}"].{part}', f"{kind} {part}", i)
        for i, (part, kind) in enumerate((part, kind) for part in parts for kind in kinds)
    ]
    sent += [
        operation(Op.ADD, f'phoneNumbers[type eq "{kind}"].{part}', part, 18)
        for kind in ("work", "home", "mobile", "fax", "pager", "other")
        for part in ("value", "display", "primary")
        if part != "primary"
    ]
    found = normalised(
        USER,
        {"id": "self", "userName": "a"},
        resolved_operations(USER, sent, LENIENT).operations,
        LENIENT,
        RequestBudget(),
    )
    after = applied(USER, {"userName": "a"}, found.operations, LENIENT, RequestBudget()).body
    assert after["addresses"] == [
        {"type": kind, **{part: f"{kind} {part}" for part in parts}} for kind in kinds
    ]
    assert after["phoneNumbers"] == [
        {"type": kind, "value": "value", "display": "display"}
        for kind in ("work", "home", "mobile", "fax", "pager", "other")
    ]


def test_every_tolerance_of_a_request_can_be_switched_off_alone() -> None:
    sent = operation(Op.REMOVE, "members", [{"value": "u1"}])
    profile = Profile(tolerances=frozenset(Tolerance) - {Tolerance.REMOVE_BY_VALUE})
    placed = resolved_operations(GROUP, [sent], profile).operations
    found = normalised(GROUP, {"displayName": "g"}, placed, profile, RequestBudget())
    assert found == Normalised(placed, frozenset())


def test_a_key_with_a_filter_costs_what_reading_its_terms_takes() -> None:
    def cost(key: str) -> int:
        budget, sent = RequestBudget(), operation(Op.ADD, None, {key: "x"})
        normalised(
            USER,
            {"id": "1"},
            resolved_operations(USER, [sent], LENIENT).operations,
            LENIENT,
            budget,
        )
        return budget.compared

    plain, one = cost("name.givenName"), cost('emails[type eq "work"].value')
    assert one - plain >= 200
    assert cost('emails[type eq "work" and value sw "a"].value') - one >= 200


def _places(resource_type: ResourceType) -> list[AttributeRef]:
    schemas = [(None, [*COMMON, *resource_type.schema.attributes])] + [
        (each.schema.id, list(each.schema.attributes)) for each in resource_type.extensions
    ]
    return [
        AttributeRef(uri, attribute, sub)
        for uri, attributes in schemas
        for attribute in attributes
        for sub in (None, *attribute.sub_attributes)
    ]


SIMPLE = ("x", "self", "true", '{"a": 1}', "", True, 3, 1.5, None, [], {})
VALUES = (
    *SIMPLE,
    *([value] for value in SIMPLE),
    *([{name: value}] for value in SIMPLE for name in ("value", "VALUE", "type", "$ref")),
    [{"value": "x", "type": "work", "primary": True}, {"value": "y"}],
    [{"value": "x"}, {"value": ' {"value": "y"}'}],
    [{"value": "x"}, "y"],
)


def _tried(resource_type: ResourceType) -> list[PatchOperation]:
    return [
        PatchOperation(op, Target(ref), value)
        for op in Op
        for ref in _places(resource_type)
        for value in VALUES
    ]


@pytest.mark.parametrize("resource_type", [USER, GROUP])
def test_rewrites_of_keys_leave_operations_with_a_path_alone(
    resource_type: ResourceType,
) -> None:
    context = RewriteContext(resource_type, LENIENT, "self", lambda: {"id": "self"})
    assert set(OF_KEYS) < {rewrite for _, rewrite in REWRITES}
    for each in [*_tried(resource_type), PatchOperation(Op.REMOVE, None, {"a": 1})]:
        assert [rewrite(each, context) for rewrite in OF_KEYS] == [None] * len(OF_KEYS)


@pytest.mark.parametrize("resource_type", [USER, GROUP])
def test_every_rewrite_leaves_plain_operations_alone(resource_type: ResourceType) -> None:
    context = RewriteContext(resource_type, LENIENT, "self", lambda: {"id": "self"})
    tried = _tried(resource_type)
    alone = [each for each in tried if is_plain(each)]
    listed = "members" if resource_type is GROUP else "emails"
    assert {str(each.path) for each in alone} >= {"displayName", listed}
    assert 50 < len(alone) + len(_places(resource_type)) < len(tried)
    for each in alone:
        assert set_in_text(each, context) is set_in_list(each, context) is each
        assert [rewrite(each, context) for _, rewrite in REWRITES] == [None] * len(REWRITES)


@pytest.mark.parametrize("path", ['emails[type eq "work"]', 'emails[value eq "gone"]'])
def test_the_filter_of_a_remove_is_evaluated_once(path: str) -> None:
    body = {"userName": "a", "emails": [{"value": str(number)} for number in range(100)]}
    operations = [operation(Op.REMOVE, path)]
    on = resolved_operations(USER, operations, LENIENT)
    budget = RequestBudget()
    found = normalised(USER, body, on.operations, LENIENT, budget)
    before = budget.compared
    assert before < 100
    applied(USER, body, found.operations, LENIENT, budget)
    assert budget.compared - before == 200
