"""Of a bulk request's refused operations, the log has the first ones, in the client's order."""

import pytest

from scim.errors import Conflict, NotFound, ScimError, Uniqueness
from scim.http.endpoints.refused_operations import MOST, RefusedOperations
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.perform import BulkScope, missed
from scim.service.bulk.plan import Step
from scim.service.bulk.request import BulkOperation, Method
from scim.service.bulk.response import Outcome, failed


def _deletion(position: int, segment: str = "Users") -> BulkOperation:
    return BulkOperation(position, Method.DELETE, segment=segment, id="c4n4ry")


def _refused(collector: RefusedOperations, operation: BulkOperation, detail: str) -> Outcome:
    error: ScimError = NotFound(detail)
    collector.note(operation, error)
    return failed(operation, error)


def test_the_first_are_kept_in_whatever_order_they_are_refused() -> None:
    collector = RefusedOperations(shipped_catalogue())
    outcomes = [_refused(collector, _deletion(position), "No.") for position in reversed(range(40))]
    summary = collector.summary([Outcome(_deletion(40), 204), *outcomes])
    assert summary is not None
    assert summary["number"] == 40
    assert summary["first"] == [
        {
            "position": position,
            "operation": "DELETE /Users/{id}",
            "status": 404,
            "error": "NotFound",
        }
        for position in range(MOST)
    ]


def test_an_operation_that_is_refused_again_takes_no_other_reason_away() -> None:
    collector = RefusedOperations(shipped_catalogue())
    error = Uniqueness("Taken.")
    outcomes = [failed(_deletion(position), error) for position in range(MOST)]
    for position in (*range(MOST), 0):
        collector.note(_deletion(position), error)
    summary = collector.summary(outcomes)
    assert summary is not None
    assert [entry.get("scimType") for entry in summary["first"]] == ["uniqueness"] * MOST  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (BulkOperation(0, Method.POST, segment="Groups"), "POST /Groups"),
        (_deletion(0, "c4n4ry"), "DELETE /"),
        (BulkOperation(0, None, segment="Users"), "/Users"),
    ],
    ids=["collection", "unknown", "no method"],
)
def test_an_operation_is_named_without_what_the_client_chose(
    operation: BulkOperation, name: str
) -> None:
    collector = RefusedOperations(shipped_catalogue())
    summary = collector.summary([_refused(collector, operation, "No.")])
    assert summary is not None
    assert [entry["operation"] for entry in summary["first"]] == [name]  # type: ignore[attr-defined]


def test_a_creation_that_was_stopped_before_its_links_is_named_too() -> None:
    creation = BulkOperation(0, Method.POST, "a", segment="Groups")
    stopped = Outcome(creation, 201, is_unlinked=True).without_links(Conflict("Stopped."))
    summary = RefusedOperations(shipped_catalogue()).summary([stopped])
    assert summary == {
        "number": 1,
        "first": [{"position": 0, "operation": "POST /Groups", "status": 409, "error": "Conflict"}],
    }


def test_no_refused_operation_is_no_summary() -> None:
    assert RefusedOperations(shipped_catalogue()).summary([Outcome(_deletion(0), 204)]) is None


def test_an_operation_without_time_has_its_rule() -> None:
    catalogue = shipped_catalogue()
    collector = RefusedOperations(catalogue)

    def no_endpoint(*_: object) -> None:
        raise AssertionError("nothing is looked up for a POST")

    bulk_scope = BulkScope(
        catalogue,
        no_endpoint,  # type: ignore[arg-type]
        lambda *_: True,
        frozenset(),
        on_refusal=collector.note,
    )
    step = Step(BulkOperation(0, Method.POST, "a", segment="Users"))
    summary = collector.summary([missed(bulk_scope, step, {}, None)])
    assert summary is not None
    assert "time for one request was over" in str(summary["first"])
