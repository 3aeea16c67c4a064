"""Guessing which resources a PATCH names."""

import pytest

from scim.patch.apply import likely_targets
from scim.patch.operation import Op, PatchOperation
from scim.resource.record import Key
from tests.scim.patch.tables import GROUP, USER, operation, operation_on


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        pytest.param(
            operation(Op.ADD, "members", [{"value": "a"}, {"VALUE": "b", "type": "group"}]),
            [Key("User", "a"), Key("Group", "b")],
            id="values",
        ),
        pytest.param(
            operation(Op.REPLACE, None, {"Members": [{"value": "a"}], "displayName": "g"}),
            [Key("User", "a")],
            id="without a path",
        ),
        pytest.param(
            operation(Op.REMOVE, 'members[value eq "a" or value eq "b"]'),
            [Key("User", "a"), Key("User", "b")],
            id="a filter",
        ),
        pytest.param(
            operation(Op.REMOVE, "members", ["a", {"$ref": "../Users/b"}]),
            [Key("User", "a"), Key("User", "b")],
            id="listed",
        ),
        pytest.param(operation(Op.REMOVE, 'members[type eq "User"]'), [], id="another filter"),
        pytest.param(operation(Op.REMOVE, "members"), [], id="all"),
        pytest.param(operation(Op.ADD, "displayName", "a"), [], id="no relation"),
        pytest.param(
            operation(Op.ADD, None, [{"value": "a"}]),
            [Key("User", "a")],
            id="listed without a path",
        ),
        pytest.param(operation(Op.ADD, None, "a"), [], id="no attributes"),
        pytest.param(operation(Op.ADD, "members", [{"value": 7}, None, 4]), [], id="no ids"),
    ],
)
def test_the_targets_of_relations_are_mentioned(sent: PatchOperation, keys: list[Key]) -> None:
    assert likely_targets(GROUP, [operation_on(GROUP, sent)] * 2) == keys


def test_a_type_without_relations_mentions_nothing() -> None:
    assert (
        likely_targets(USER, [operation_on(USER, operation(Op.ADD, "emails", [{"value": "a"}]))])
        == []
    )
