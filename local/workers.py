"""Several server processes on one table of DynamoDB Local.

A process handles one event at a time, like an execution environment. Only the table's own conditions
coordinate the processes, as on AWS. What AWS runs apart from the functions also runs apart from the servers,
in the process that starts them: the files of jobs, the state machine that runs each job once, whichever
server started it, keys, secrets, schedules and event sources. That process survives servers that are killed.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from local.aws import shared_answer
from local.dynamodb_local import ENDPOINT_VARIABLE, running
from local.environment import environment
from local.gateway import Gateway
from local.packages.npm import UnavailableError
from local.server import Server
from local.stores import AWS_VARIABLE, STACK_VARIABLE

STACK = "local"
PROGRAM = ("-m", "local")
READY = "Administration"
"""The beginning of the last line that a server prints before it serves."""

_OWN = {"WORKERS", "DATA"}


@dataclass(frozen=True, slots=True)
class Shared:
    """What the servers share; `gateway` runs the jobs, the schedules and the event sources.

    `variables` give a server the address of this process, and the settings of all servers.
    """

    gateway: Gateway
    variables: Mapping[str, str]

    @contextmanager
    def servers(
        self, ports: Sequence[int], program: Sequence[str] = PROGRAM
    ) -> Iterator[list[subprocess.Popen[str]]]:
        """Run a server on each port until the block ends; all respond when it begins.

        Raises UnavailableError if one ends before it serves; it has said why on standard error.
        """
        with ExitStack() as stack:
            processes = [stack.enter_context(self._server(port, program)) for port in ports]
            for port, process in zip(ports, processes, strict=True):
                _say_until_ready(port, process)
                output = Thread(target=_say, args=(process,), daemon=True)
                output.start()
                stack.callback(output.join)  # before the output that it reads is closed
            for process in processes:
                stack.callback(process.terminate)
            yield processes

    @contextmanager
    def _server(self, port: int, program: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
        inherited = {name: value for name, value in os.environ.items() if name not in _OWN}
        # In its own session: an interrupt goes to the starting process, which ends the servers in order.
        with subprocess.Popen(
            [sys.executable, *program],
            env=inherited | {"PORT": str(port), "STORE": "dynamodb-local", **self.variables},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                process.terminate()


@contextmanager
def serving(
    number: int, port: int, settings: Mapping[str, str], data: Path | None = None
) -> Iterator[None]:
    """Run servers on `port` and the ports after it until the block ends."""
    with (
        running(data) as endpoint,
        shared(endpoint, STACK, settings) as common,
        common.servers(range(port, port + number)),
    ):
        yield


@contextmanager
def shared(endpoint: str, stack: str, settings: Mapping[str, str]) -> Iterator[Shared]:
    """Run what servers share besides the table until the block ends.

    `endpoint` is DynamoDB Local's; `settings` are those of `Gateway.start`.
    """
    on_table = {ENDPOINT_VARIABLE: endpoint, STACK_VARIABLE: stack}
    with (
        environment(on_table),
        Gateway.start("dynamodb-local", settings) as gateway,
        Server(0, longest_body=sys.maxsize) as server,
        server.serving(shared_answer),
    ):
        gateway.schedules.begin()
        gateway.event_sources.begin()
        try:
            aws_endpoint = {AWS_VARIABLE: f"http://{server.address}"}
            yield Shared(gateway, {**settings, **on_table, **aws_endpoint})
        finally:
            gateway.schedules.end()
            gateway.event_sources.end()


def _say_until_ready(port: int, process: subprocess.Popen[str]) -> None:
    for line in _lines_of(process):
        print(line, end="", flush=True)
        if line.startswith(READY):
            return
    raise UnavailableError(f"The server on port {port} ended before it served.")


def _say(process: subprocess.Popen[str]) -> None:
    for line in _lines_of(process):
        print(line, end="", flush=True)


def _lines_of(process: subprocess.Popen[str]) -> IO[str]:
    if process.stdout is None:
        raise RuntimeError("a server without an output")
    return process.stdout
