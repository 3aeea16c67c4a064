"""The rule that reports the end of an execution."""

from typing import Any

import pytest

from local import template as templates
from local.state_machine.deployed import event_of, is_matched, status_publisher
from local.template import TEMPLATE

DEPLOYED = templates.read(TEMPLATE)
MACHINE = DEPLOYED.scope.arn_of("BulkJobMachine")


def ended(status: str, machine: str = MACHINE) -> dict[str, Any]:
    """Return an execution as DescribeExecution shows it."""
    return {
        "executionArn": "arn:e",
        "stateMachineArn": machine,
        "name": "j1",
        "status": status,
        "input": "{}",
        "output": "nobody is told",
    }


@pytest.mark.parametrize(
    ("execution", "is_told"),
    [
        pytest.param(ended("TIMED_OUT"), True, id="timed out"),
        pytest.param(ended("ABORTED"), True, id="stopped"),
        pytest.param(ended("FAILED"), True, id="failed"),
        pytest.param(ended("SUCCEEDED"), False, id="done"),
        # So are the executions of a Distributed Map's own.
        pytest.param(ended("FAILED", f"{MACHINE}/DoLayer"), False, id="another machine's"),
    ],
)
def test_the_function_of_jobs_is_told_as_the_template_says(
    execution: dict[str, Any], is_told: bool
) -> None:
    told: list[tuple[str, Any]] = []
    status_publisher(DEPLOYED, lambda arn, event: told.append((arn, event)))(execution)
    function = DEPLOYED.scope.arn_of("BulkJobFunctionAliaslive")
    assert [arn for arn, _ in told] == ([function] if is_told else [])
    for _, event in told:
        assert event["detail"] == {key: execution[key] for key in execution if key != "output"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({}, True),
        ({"source": ["aws.states", "other"]}, True),
        ({"source": ["other"]}, False),
        ({"detail": {"status": ["FAILED"]}}, True),
        ({"detail": {"status": ["FAILED"], "name": ["j2"]}}, False),
        ({"nothing": {"status": ["FAILED"]}}, False),
        ({"nothing": ["a"]}, False),
    ],
)
def test_a_pattern_names_what_may_stand_where(pattern: dict[str, Any], expected: bool) -> None:
    assert is_matched(pattern, event_of(ended("FAILED"))) is expected
