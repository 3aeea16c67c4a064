"""Several server processes on one table of DynamoDB Local.

A process is busy with one event at a time, as an execution environment is. Between processes nothing
but the table's own conditions stands, as on AWS.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

from local.dynamodb_local import ENDPOINT_VARIABLE, running

STREAMS_VARIABLE = "LOCAL_STREAMS"
"""0 leaves the event sources to another process: a stream is read by one."""

STACK_VARIABLE = "LOCAL_STACK"
"""Names the stack whose tables a process shares with others."""

READY = "Administration"
"""How the last line begins that a server says before it serves."""


@contextmanager
def serving(
    number: int, port: int, data: Path | None = None
) -> Iterator[list[subprocess.Popen[str]]]:
    """Run servers on `port` and the ports behind it until the block ends; the first seeds the table."""
    with running(data) as endpoint, ExitStack() as stack:
        yield [stack.enter_context(_server(endpoint, port, each)) for each in range(number)]


@contextmanager
def _server(endpoint: str, port: int, number: int) -> Iterator[subprocess.Popen[str]]:
    left_out = {"WORKERS", "DATA"}
    own = {name: value for name, value in os.environ.items() if name not in left_out}
    own |= {
        "PORT": str(port + number),
        STREAMS_VARIABLE: "0" if number else "1",
        "STORE": "dynamodb-local",
        ENDPOINT_VARIABLE: endpoint,
        STACK_VARIABLE: "local",
    }
    # In a session of its own: an interrupt is for the one that started it, which ends them in order.
    with subprocess.Popen(
        [sys.executable, "-m", "local"],
        env=own,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            if server.stdout is None:
                raise RuntimeError("a server without an output")
            _say_until_ready(server.stdout)
            Thread(target=_say, args=(server.stdout,), daemon=True).start()
            yield server
        finally:
            server.terminate()


def _say_until_ready(output: IO[str]) -> None:
    for line in output:
        print(line, end="", flush=True)
        if line.startswith(READY):
            return
    raise RuntimeError("a server ended before it served")


def _say(output: IO[str]) -> None:
    for line in output:
        print(line, end="", flush=True)
