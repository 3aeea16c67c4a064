"""Operations run side by side only if their order does not matter."""

from typing import Any

import pytest

from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.plan import planned
from scim.service.bulk.request import bulk_of
from scim.service.bulk.waves import Wave, one_by_one, waves_of
from tests.fakes.endpoint import STRICT
from tests.fakes.operations import group


def user(name: str, bulk_id: str = "", **more: Any) -> dict[str, Any]:
    data = {"userName": name, **more}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id or name, "data": data}


def other(method: str, path: str, **more: Any) -> dict[str, Any]:
    return {"method": method, "path": path, "data": {}, **more}


def shown(waves: tuple[Wave, ...]) -> list[list[int]]:
    return [[step.operation.position for step in wave] for wave in waves]


@pytest.mark.parametrize(
    ("sent", "waves"),
    [
        pytest.param([user("a"), user("b"), user("c")], [[0, 1, 2]], id="creations"),
        pytest.param([user("a"), group("g", "a"), user("b")], [[0, 2], [1]], id="needed first"),
        pytest.param([group("g", "h"), group("h", "a"), user("a")], [[2], [1], [0]], id="chain"),
        pytest.param([user("Anna", "x"), user("anna", "y")], [[0], [1]], id="one name"),
        pytest.param([user("straße", "x"), user("STRASSE", "y")], [[0], [1]], id="folded alike"),
        pytest.param(
            [user("a"), user("b", "x"), user("b", "y"), user("b", "z")],
            [[0, 1], [2], [3]],
            id="the first of a name stays the first",
        ),
        pytest.param([user("a", displayName="d"), user("b", displayName="d")], [[0, 1]], id="d"),
        pytest.param(
            [user("a"), other("PATCH", "/Users/1"), user("b")], [[0], [1], [2]], id="PATCH"
        ),
        pytest.param(
            [other("PUT", "/Users/1"), other("PUT", "/Users/2")], [[0], [1]], id="PUT PUT"
        ),
        pytest.param(
            [other("DELETE", "/Users/1"), other("DELETE", "/Users/2"), user("a")],
            [[0, 1], [2]],
            id="removals",
        ),
        pytest.param(
            [other("DELETE", "/Users/1"), other("DELETE", "/Users/1")], [[0], [1]], id="twice"
        ),
        pytest.param(
            [other("DELETE", "/Users/1", version='W/"1"'), other("DELETE", "/Users/2")],
            [[0], [1]],
            id="a removal that asks for a version",
        ),
        pytest.param([group("a", "b"), group("b", "a")], [[1], [0], [1]], id="circle"),
        pytest.param(
            [
                {**user("", "x"), "path": "/GroupMembers"},
                {**user("", "y"), "path": "/GroupMembers"},
            ],
            [[0], [1]],
            id="edges",
        ),
        pytest.param([other("DELETE", "/Nothing/1")], [[0]], id="unknown type"),
    ],
)
def test_operations_share_a_wave_only_if_their_order_does_not_matter(
    sent: list[dict[str, Any]], waves: list[list[int]]
) -> None:
    asked = bulk_of({"schemas": [BULK_REQUEST_URN], "Operations": sent}, STRICT, 100)
    steps = planned(asked.operations)
    assert shown(waves_of(steps, shipped_catalogue())) == waves
    assert shown(one_by_one(steps)) == [[step.operation.position] for step in steps]


def test_a_unique_value_of_the_wrong_type_is_no_reason_to_stop() -> None:
    sent = [user("a"), {**user("b"), "data": {"userName": 7}}, {**user("c"), "data": {}}]
    asked = bulk_of({"schemas": [BULK_REQUEST_URN], "Operations": sent}, STRICT, 100)
    assert shown(waves_of(planned(asked.operations), shipped_catalogue())) == [[0, 1, 2]]
