"""What moto's interpreter lacks for this project: maps over JSON lines, and calls of our Lambda functions.

moto reads only JSON and CSV; on AWS the items of a Distributed Map may be JSON lines too. It runs functions
in containers; here they run in the local gateway. It cannot stop an execution that has only just begun, and
does not report that one has ended. It opens S3 for each file, when botocore may read an environment that a
function is just being given. It parses a definition when it is created and again for each execution; here
only the first execution parses it, and reports its errors. And its retries wait as long as AWS does; here a
minute lasts a second, as in the schedules.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from typing import Any
from unittest.mock import patch

from moto.core.config import default_user_config
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader import (
    item_reader_decl,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import (
    resource_eval_s3,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer.transformer_factory import (
    resource_output_transformer_for,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer.transformer_json import (
    ResourceOutputTransformerJson,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.reader_config import (
    input_type,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from local import clients

Invoke = Callable[[str, Any], Any]
"""Runs the function with that ARN; raises if the function does."""
Ended = Callable[[Mapping[str, Any]], None]
"""Called with each execution that has ended, in the form of DescribeExecution."""


class _InputTypes(Enum):
    CSV = "CSV"
    JSON = "JSON"
    JSONL = "JSONL"


class _Lines(ResourceOutputTransformerJson):
    """Reads a file of JSON lines as an array."""

    def _eval_body(self, env: Any) -> None:
        config = env.stack.pop()
        lines = env.stack.pop().splitlines()
        env.stack.append("[" + ",".join(line for line in lines if line) + "]")
        env.stack.append(config)
        super()._eval_body(env)


class _Lambda:
    """The part of a Lambda client that the interpreter uses."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    def invoke(self, **parameters: Any) -> dict[str, Any]:
        """Run the function; its error is returned as a result too."""
        event = json.loads(parameters["Payload"])
        try:
            answer: Any = self._invoke(parameters["FunctionName"], event)
        except Exception as error:  # noqa: BLE001 - whatever it is, Lambda reports it
            failed = {"errorType": kind_of(error), "errorMessage": str(error)}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": _bytes(failed)}
        return {"StatusCode": 200, "Payload": _bytes(answer)}


def kind_of(error: Exception) -> str:
    """Return the name by which a state machine knows the error."""
    kind = getattr(error, "kind", None)
    return kind if isinstance(kind, str) else type(error).__name__


class _Time:
    """The clock of the retries."""

    @staticmethod
    def sleep(seconds: float) -> None:
        time.sleep(seconds / 60)


def _stop(worker: ExecutionWorker, **reasons: Any) -> None:
    # The worker's thread creates its environment first; before that there is nothing to stop.
    while worker.env is None:
        time.sleep(0.01)
    worker.env.set_stop(**reasons)


@lru_cache(maxsize=16)
def _tree_of(definition: str) -> Any:
    _, tree = AmazonStateLanguageParser.parse(definition)
    return tree


def _program_of(worker: ExecutionWorker) -> EvalComponent:
    # Each execution needs its own components, because they hold its state.
    definition = worker._evaluation_details.state_machine_details.definition  # noqa: SLF001 - as in its own method
    visitor: Any = Preprocessor()
    program: EvalComponent = visitor.visit(_tree_of(definition))
    return program


def _not_yet(definition: str) -> None:
    # Linting takes a second of each start; `make check` lints the definition.
    pass


@contextmanager
def interpreter(invoke: Invoke, ended: Ended = lambda _: None) -> Iterator[None]:
    """Let moto run state machines, with functions run by `invoke`, until the block ends."""

    def transformer(input_type: Any) -> Any:
        is_lines = input_type.input_type_value is _InputTypes.JSONL
        return _Lines() if is_lines else resource_output_transformer_for(input_type)

    def client(**_: Any) -> _Lambda:
        return _Lambda(invoke)

    reflect: Any = BaseExecutionWorkerCommunication.terminated

    def terminated(worker: BaseExecutionWorkerCommunication) -> None:
        reflect(worker)
        ended(worker.execution.to_describe_output())

    files = clients.client("s3")

    def opened_files(**_: Any) -> Any:
        return files

    with ExitStack() as stack:
        runs = {"stepfunctions": {"execute_state_machine": True}}
        stack.enter_context(patch.dict(default_user_config, runs))
        stack.enter_context(patch.object(input_type, "InputTypeValue", _InputTypes))
        stack.enter_context(
            patch.object(item_reader_decl, "resource_output_transformer_for", transformer)
        )
        stack.enter_context(patch.object(lambda_eval_utils, "boto_client_for", client))
        stack.enter_context(patch.object(resource_eval_s3, "boto_client_for", opened_files))
        # Otherwise the parser's tables are built again for each path; there are few paths.
        path_of: Any = vars(json_path)["parse"]
        stack.enter_context(patch.object(json_path, "parse", cache(path_of)))
        stack.enter_context(patch.object(retrier_decl, "time", _Time))
        stack.enter_context(patch.object(ExecutionWorker, "stop", _stop))
        stack.enter_context(
            patch.object(ExecutionWorker, "_get_evaluation_entrypoint", _program_of)
        )
        stack.enter_context(
            patch.object(StepFunctionsParserBackend, "_validate_definition", _not_yet)
        )
        stack.enter_context(
            patch.object(BaseExecutionWorkerCommunication, "terminated", terminated)
        )
        yield


def _bytes(value: Any) -> BytesIO:
    return BytesIO(json.dumps(value).encode())
