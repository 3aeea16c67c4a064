"""The checklist is read from requests as the request log keeps them."""

from typing import Any

import pytest

from scim.http.console.setup.progress import (
    progress_of,
    refusal_of,
    refusals_by_kind,
    refusals_in,
)


def entry(operation: str, status: int = 200, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"number": number, "at": 1000 + number, "operation": operation, "status": status, **more}


INACTIVE = {"op": "replace", "path": "active", "value": False}


@pytest.mark.parametrize(
    ("request_", "steps"),
    [
        pytest.param(entry("GET /Users"), {"test"}, id="list"),
        pytest.param(
            entry("GET /Users", filter='userName eq "~1"'), {"test", "lookUp"}, id="look up"
        ),
        pytest.param(entry("POST /Users", 201), {"test", "create"}, id="create"),
        pytest.param(
            entry("PATCH /Users/{id}", operations=[INACTIVE]), {"test", "deactivate"}, id="by path"
        ),
        pytest.param(
            entry("PATCH /Users/{id}", operations=[{"op": "replace", "value": {"active": False}}]),
            {"test", "deactivate"},
            id="without a path",
        ),
        pytest.param(
            entry("PATCH /Users/{id}", operations=[{**INACTIVE, "value": "False"}]),
            {"test", "deactivate"},
            id="as Entra ID writes it",
        ),
        pytest.param(
            entry("PATCH /Users/{id}", operations=[{**INACTIVE, "value": True}]),
            {"test"},
            id="active",
        ),
        pytest.param(
            entry("PUT /Users/{id}", deactivates=True),
            {"test", "deactivate"},
            id="PUT that deactivates",
        ),
        pytest.param(entry("PUT /Users/{id}"), {"test"}, id="PUT"),
        pytest.param(entry("DELETE /Users/{id}", 204), {"test", "deactivate"}, id="delete"),
        pytest.param(entry("POST /Groups", 201), {"test", "group"}, id="group"),
        pytest.param(entry("PATCH /Groups/{id}"), {"test", "group"}, id="members"),
        pytest.param(entry("GET /Groups"), {"test"}, id="groups listed"),
        pytest.param(entry("POST /Users", 200, dryRun=True), {"test"}, id="dry run"),
    ],
)
def test_a_request_is_a_step(request_: dict[str, Any], steps: set[str]) -> None:
    found = progress_of([request_])
    assert set(found) == steps
    assert all(each["served"] for each in found.values())


def test_a_refused_request_is_a_step_that_is_not_served() -> None:
    assert progress_of([entry("POST /Users", 400)]) == {
        "create": {"served": False, "at": 1001, "number": 1}
    }


def test_a_step_once_served_stays_served() -> None:
    requests = [
        entry("POST /Users", 409, 1),
        entry("POST /Users", 201, 2),
        entry("POST /Users", 409, 3),
    ]
    assert progress_of(requests)["create"] == {"served": True, "at": 1002, "number": 2}


def test_a_refusal_is_told_by_attribute_and_rule() -> None:
    why = {"scimType": "invalidValue", "attribute": "userName", "rule": "expected …", "guard": "x"}
    assert refusal_of(entry("POST /Users", 400, refused=why)) == {
        "number": 1,
        "at": 1001,
        "operation": "POST /Users",
        "status": 400,
        "scimType": "invalidValue",
        "attribute": "userName",
        "rule": "expected …",
    }


def test_refusals_of_one_kind_are_listed_once() -> None:
    why = {"scimType": "uniqueness"}
    requests = [
        entry("POST /Users", 409, 1, refused=why),
        entry("PATCH /Users/{id}", 404, 2),
        entry("POST /Users", 409, 3, refused=why),
        entry("GET /Users", 200, 4),
    ]
    told = [
        (each["operation"], each["times"], each["number"]) for each in refusals_by_kind(requests)
    ]
    assert told == [("POST /Users", 2, 3), ("PATCH /Users/{id}", 1, 2)]


@pytest.mark.parametrize("status", [200, 412], ids=["as in the RFC", "of a profile"])
def test_a_bulk_request_stands_for_its_refused_operations(status: int) -> None:
    reason = {"scimType": "uniqueness", "rule": "The value of … is already taken."}
    first = {"position": 3, "operation": "POST /Users", "status": 409, **reason}
    bulk = entry("POST /Bulk", status, refusedOperations={"number": 1, "first": [first]})
    assert refusals_in([entry("POST /Bulk"), bulk]) == [
        {"number": 1, "at": 1001, "operation": "POST /Users", "status": 409, **reason}
    ]
