"""Tasks and batches as lines are read back as written."""

import json

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.service.bulk.plan import Step
from scim.service.bulk.request import BulkOperation, Method
from scim.service.jobs.batches import Batch, Task, number_of, tasks_in

ANN = BulkOperation(3, Method.POST, bulk_id="ann", segment="Users", data={"userName": "a\u2028\n"})
REFERS = {"members": [{"value": "bulkId:ann"}, {"value": "bulkId:nobody"}]}
STAFF = BulkOperation(4, Method.POST, bulk_id="staff", segment="Groups", data=REFERS)


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(ANN, id="a creation"),
        pytest.param(
            BulkOperation(0, Method.DELETE, version='W/"1"', segment="Users", id="1"), id="end"
        ),
        pytest.param(BulkOperation(1, None), id="of no known method"),
    ],
)
def test_a_task_is_one_line(operation: BulkOperation) -> None:
    task = Task(Step(operation, frozenset({"b", "a"})), {"a": 2})
    line = task.line()
    assert line.count(b"\n") == 1
    assert tasks_in(line + line) == [task, task]


@pytest.mark.parametrize("fault", [InvalidSyntax("no method"), InvalidValue("no path")])
def test_a_fault_stays_what_it_is(fault: InvalidSyntax | InvalidValue) -> None:
    (read,) = tasks_in(Task(Step(BulkOperation(0, None, fault=fault)), {}).line())
    found = read.step.operation.fault
    assert (type(found), str(found)) == (type(fault), str(fault))


def test_an_operation_has_two_numbers() -> None:
    steps = [Step(ANN), Step(STAFF), Step(STAFF, is_link=True)]
    assert list(map(number_of, steps)) == [6, 8, 9]


def test_a_batch_is_one_line() -> None:
    batch = Batch("acme", "job", 1, 2, 30, 40, (6, 8, 9))
    assert Batch.of_json(json.loads(batch.line())) == batch
