"""The state machine that does jobs, as far as it is asked for anything."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scim.errors import Unavailable
from scim.store.jobs.state_machine import StateMachine
from tests.contract.samples import JOB

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:Jobs"


class FakeClient:
    """Answers with an error, if it is given one; `asked` is what it was asked for."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self._error = error

    def start_execution(self, **asked: Any) -> None:
        self._answer(asked)

    def stop_execution(self, **asked: Any) -> None:
        self._answer(asked)

    def _answer(self, asked: dict[str, Any]) -> None:
        self.asked.append(asked)
        if self._error is not None:
            raise self._error


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "StartExecution")


def test_an_execution_is_named_after_its_job() -> None:
    client = FakeClient()
    assert StateMachine(lambda: client, ARN).start(JOB)
    assert client.asked == [
        {"stateMachineArn": ARN, "name": "j1", "input": '{"tenant": "acme", "job": "j1"}'}
    ]


def test_another_run_has_an_execution_of_its_own() -> None:
    client = FakeClient()
    assert StateMachine(lambda: client, ARN).start(replace(JOB, run=2))
    assert client.asked == [
        {"stateMachineArn": ARN, "name": "j1-2", "input": '{"tenant": "acme", "job": "j1"}'}
    ]


def test_a_run_that_has_ended_is_not_started_and_says_so() -> None:
    machine = StateMachine(lambda: FakeClient(client_error("ExecutionAlreadyExists")), ARN)
    assert not machine.start(JOB)


@pytest.mark.parametrize(
    "error", [client_error("ThrottlingException"), EndpointConnectionError(endpoint_url="x")]
)
def test_an_unreachable_machine_is_an_error(error: Exception) -> None:
    with pytest.raises(Unavailable):
        StateMachine(lambda: FakeClient(error), ARN).start(JOB)


def test_an_execution_is_stopped_by_its_name() -> None:
    client = FakeClient()
    StateMachine(lambda: client, ARN).stop(JOB)
    assert client.asked == [{"executionArn": ARN.replace("stateMachine", "execution") + ":j1"}]


def test_a_failure_to_stop_the_machine_is_not_reported_to_the_client() -> None:
    client = FakeClient(client_error("ExecutionDoesNotExist"))
    StateMachine(lambda: client, ARN).stop(JOB)
    assert len(client.asked) == 1
