"""The local Lambda runtime: loads a function's code once and runs its handler, one event at a time."""

import importlib.util
import json
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

from local.environment import environment
from local.functions import Function

# Lambda's own limits; the second includes the runtime interface's allowance for the envelope.
REQUEST_LIMIT = 6 * 1024 * 1024
ANSWER_LIMIT = 6_291_556

Handler = Callable[[Any, Any], Any]


class FunctionError(Exception):
    """The function raised, could not be loaded, or returned something that Lambda cannot carry."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


class EventTooLargeError(Exception):
    """The event is larger than Lambda accepts in a synchronous invocation."""


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """The context object of one invocation."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str
    deadline: float
    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class Runtime:
    """The functions of one API, each like one execution environment, which handles one event at a time.

    The functions' libraries rely on that: Powertools, for example, keeps the current event in a class
    attribute. And the environment variables belong to the process. So each invocation holds one lock, shared
    by all runtimes of a process.
    """

    _lock = RLock()

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self._handlers: dict[str, Handler] = {}
        self._has_ended = False

    def invoke(self, arn: str, event: Mapping[str, Any]) -> Any:
        """Run a function with an event and return its result; both are converted to JSON and back."""
        payload = json.dumps(event, ensure_ascii=False)
        if len(payload.encode(errors="surrogatepass")) > REQUEST_LIMIT:
            raise EventTooLargeError
        function = self._functions[arn]
        with self._lock, environment(function.environment):
            if self._has_ended:
                raise FunctionError(
                    "Sandbox.Ended", "The gateway that this function is of has ended."
                )
            handler = self._handlers.get(function.arn) or self._handlers.setdefault(
                function.arn, _loaded(function)
            )
            context = LambdaContext(
                function.name,
                function.memory,
                arn,
                str(uuid.uuid4()),
                time.monotonic() + function.timeout,
            )
            try:
                answer = json.dumps(handler(json.loads(payload), context), ensure_ascii=False)
            except Exception as error:
                raise FunctionError(type(error).__name__, str(error)) from error
        if len(answer.encode(errors="surrogatepass")) > ANSWER_LIMIT:
            raise FunctionError(
                "Function.ResponseSizeTooLarge", f"The answer exceeds {ANSWER_LIMIT} bytes."
            )
        return json.loads(answer)

    def end(self) -> None:
        """Wait for a function that is still running, as in a job's thread; afterwards none can start."""
        with self._lock:
            self._has_ended = True


def _loaded(function: Function) -> Handler:
    module_name, _, attribute = function.handler.rpartition(".")
    path = function.code / f"{module_name.replace('.', '/')}.py"
    for layer in function.layers:
        if str(layer) not in sys.path:
            sys.path.append(str(layer))
    try:
        handler: Handler = getattr(_module(path, function.logical_id), attribute)
    except Exception as error:
        raise FunctionError(
            "Runtime.ImportModuleError", f"{function.logical_id}: {error}"
        ) from error
    return handler


def _module(path: Path, logical_id: str) -> ModuleType:
    # A unique name, because one app.py is deployed as several functions.
    name = f"_function_{logical_id}_{uuid.uuid4().hex}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module.")
    module = importlib.util.module_from_spec(spec)
    loaded = set(sys.modules)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
        for module_name in sys.modules.keys() - loaded - {name}:
            # Modules beside app.py belong to this function; another function may have modules of the same names.
            if (
                Path(getattr(sys.modules[module_name], "__file__", None) or "/").parent
                == path.parent
            ):
                del sys.modules[module_name]
    return module
