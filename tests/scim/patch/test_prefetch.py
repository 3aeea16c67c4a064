"""Guessing which resources a PATCH names."""

import pytest

from scim.patch.operation import Op, Operation
from scim.patch.prefetch import mentioned
from scim.resource.record import Key
from tests.scim.patch.tables import GROUP, USER


@pytest.mark.parametrize(
    ("operation", "keys"),
    [
        pytest.param(
            Operation(Op.ADD, "members", [{"value": "a"}, {"VALUE": "b", "type": "group"}]),
            [Key("User", "a"), Key("Group", "b")],
            id="values",
        ),
        pytest.param(
            Operation(Op.REPLACE, None, {"Members": [{"value": "a"}], "displayName": "g"}),
            [Key("User", "a")],
            id="without a path",
        ),
        pytest.param(
            Operation(Op.REMOVE, 'members[value eq "a" or value eq "b"]'),
            [Key("User", "a"), Key("User", "b")],
            id="a filter",
        ),
        pytest.param(
            Operation(Op.REMOVE, "members", ["a", {"$ref": "../Users/b"}]),
            [Key("User", "a"), Key("User", "b")],
            id="listed",
        ),
        pytest.param(Operation(Op.REMOVE, 'members[type eq "User"]'), [], id="another filter"),
        pytest.param(Operation(Op.REMOVE, "members"), [], id="all"),
        pytest.param(Operation(Op.REMOVE, "members["), [], id="no path"),
        pytest.param(Operation(Op.ADD, "displayName", "a"), [], id="no relation"),
        pytest.param(Operation(Op.ADD, None, ["a"]), [], id="no attributes"),
        pytest.param(Operation(Op.ADD, "members", [{"value": 7}, None, 4]), [], id="no ids"),
    ],
)
def test_the_targets_of_relations_are_mentioned(operation: Operation, keys: list[Key]) -> None:
    assert mentioned(GROUP, [operation, operation]) == keys


def test_a_type_without_relations_mentions_nothing() -> None:
    assert mentioned(USER, [Operation(Op.ADD, "emails", [{"value": "a"}])]) == []
