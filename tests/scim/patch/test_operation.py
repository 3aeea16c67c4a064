"""What an operation is about, and which one is at fault."""

import pytest

from scim.errors import InvalidPath, InvalidValue
from scim.patch.operation import MOST_REASONS, Op, located, resolved_operations
from scim.profile import Tolerance
from tests.scim.patch.tables import (
    ENTERPRISE,
    GROUP,
    LENIENT,
    STRICT,
    USER,
    operation,
    operation_on,
)


def test_a_path_has_a_target_unless_it_is_an_extension() -> None:
    named = operation_on(USER, operation(Op.ADD, "NAME.givenname"))
    assert str(named.target) == "name.givenName"
    assert operation_on(USER, operation(Op.ADD, ENTERPRISE)).target is None
    assert operation(Op.ADD).target is None


def test_a_refusal_is_located_once() -> None:
    first, second = operation(Op.ADD, position=7), operation(Op.ADD, position=4)
    with pytest.raises(InvalidValue) as refusal, located(first), located(second):
        raise InvalidValue("title: expected a string")
    assert refusal.value.detail == "Operations[4]: title: expected a string"


def test_unknown_paths_are_left_out_and_some_are_reported() -> None:
    sent = [operation(Op.ADD, f"unknown{number}") for number in range(MOST_REASONS + 2)]
    found = resolved_operations(USER, [*sent, operation(Op.ADD, "title")], LENIENT)
    assert [str(each.path) for each in found.operations] == ["title"]
    assert len(found.ignored) == MOST_REASONS
    with pytest.raises(InvalidPath, match=r"^Operations\[0\]: User has no attribute 'unknown0'"):
        resolved_operations(USER, sent, STRICT)


def test_a_list_without_a_path_is_of_members_where_there_are_any() -> None:
    sent = [operation(Op.ADD, value=[{"value": "1"}], position=3)]
    found = resolved_operations(GROUP, sent, LENIENT).operations[0]
    assert (str(found.target), found.value) == ("members", [{"value": "1"}])
    assert found.target is not None
    assert found.target.tolerated == {Tolerance.BARE_REFERENCE}
    for resource_type, profile in ((USER, LENIENT), (GROUP, STRICT)):
        with pytest.raises(InvalidValue, match=r"^Operations\[3\]\.value must be an object"):
            resolved_operations(resource_type, sent, profile)
