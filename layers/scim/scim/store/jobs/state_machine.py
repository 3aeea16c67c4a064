"""The state machine that does jobs: an execution is named after its job's run, so there is one."""

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
        # Opened when first needed: most requests are no jobs.
        return self._open()

    def start(self, job: Job) -> bool:
        """Start the job's run; return False when that run has ended already.

        Step Functions takes the same name with the same input again while the execution runs, and
        refuses it afterwards (API reference, StartExecution).
        """
        sent = dumps({"tenant": job.tenant, "job": job.id})
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=job.execution, input=sent)
        except ClientError as error:
            if error.response["Error"]["Code"] != _ENDED:
                raise _unreachable() from error
            return False
        except BotoCoreError as error:
            raise _unreachable() from error
        return True

    def stop(self, job: Job) -> None:
        """Begin no further step of the job, as far as possible: workers look at its status too."""
        execution = f"{self._arn.replace(':stateMachine:', ':execution:')}:{job.execution}"
        with suppress(BotoCoreError, ClientError):
            self._client.stop_execution(executionArn=execution)


def _unreachable() -> Unavailable:
    return Unavailable("Jobs cannot be started at the moment; try again.")
