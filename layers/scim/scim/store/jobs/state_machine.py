"""The state machine that runs jobs: an execution has the name of the job's run, so there is only one."""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from json import dumps
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import Unavailable
from scim.resource.job import Job

_ENDED = "ExecutionAlreadyExists"


class StepFunctionsClient(Protocol):
    """The part of boto3's Step Functions client that is used."""

    @property
    def start_execution(self) -> Callable[..., Any]: ...
    @property
    def stop_execution(self) -> Callable[..., Any]: ...


class StateMachine:
    """Implements the port `Machine`; see there for the rules."""

    def __init__(self, client: Callable[[], StepFunctionsClient], arn: str) -> None:
        self._open = client
        self._arn = arn

    @cached_property
    def _client(self) -> StepFunctionsClient:
        # Created at the first use: most requests need no job.
        return self._open()

    def start(self, job: Job) -> bool:
        """Start the job's run. Return False if that run has already ended.

        Step Functions accepts the same name with the same input again while the execution runs, and refuses
        it afterwards (API reference, StartExecution).
        """
        execution_input = dumps({"tenant": job.tenant, "job": job.id})
        try:
            self._client.start_execution(
                stateMachineArn=self._arn, name=job.execution, input=execution_input
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _ENDED:
                raise _unreachable() from error
            return False
        except BotoCoreError as error:
            raise _unreachable() from error
        return True

    def stop(self, job: Job) -> None:
        """Stop the job's execution if possible; workers check the job's status as well."""
        execution = f"{self._arn.replace(':stateMachine:', ':execution:')}:{job.execution}"
        with suppress(BotoCoreError, ClientError):
            self._client.stop_execution(executionArn=execution)


def _unreachable() -> Unavailable:
    return Unavailable("Jobs cannot be started at the moment; try again.")
