"""The state machine that does jobs: an execution is named after its job, so there is one."""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from json import dumps
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import Unavailable

_STARTED = "ExecutionAlreadyExists"


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

    def start(self, tenant: str, job: str) -> None:
        """Start the job; starting it again does nothing."""
        sent = dumps({"tenant": tenant, "job": job})
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=job, input=sent)
        except ClientError as error:
            if error.response["Error"]["Code"] != _STARTED:
                raise _unreachable() from error
        except BotoCoreError as error:
            raise _unreachable() from error

    def stop(self, job: str) -> None:
        """Begin no further step of the job, as far as possible: workers look at its status too."""
        execution = f"{self._arn.replace(':stateMachine:', ':execution:')}:{job}"
        with suppress(BotoCoreError, ClientError):
            self._client.stop_execution(executionArn=execution)


def _unreachable() -> Unavailable:
    return Unavailable("Jobs cannot be started at the moment; try again.")
