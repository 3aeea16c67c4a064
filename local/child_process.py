"""Servers in child processes: a free port, the wait until the server responds, and its end.

Also programs that respond to lines.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socket import create_server
from typing import Any

_BETWEEN = 0.1
"""Seconds between two attempts to reach a server."""


class NotStartedError(Exception):
    """A server ended while it started, or took too long; the text is for a person."""


def free_port() -> int:
    """Return a free port of the loopback interface."""
    return free_ports(1)[0]


def free_ports(number: int) -> list[int]:
    """Return `number` different free ports."""
    with ExitStack() as stack:
        probes = [stack.enter_context(create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def child(
    command: Sequence[str | Path], *, patience: float = 10, **options: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command until the block ends, with options of Popen; it then has `patience` seconds to end."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class NotAnsweredError(Exception):
    """A program ended instead of responding to a line; its own message is on its stderr."""


@contextmanager
def answering(
    command: Sequence[str | Path], environment: Mapping[str, str]
) -> Iterator[Callable[[object], Any]]:
    """Run a program that responds to each line of JSON on stdin with one on stdout; yield a function that asks it.

    The function raises NotAnsweredError. The program ends with the block.
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with child(command, env=dict(environment), **pipes) as process:
        questions, answers = process.stdin, process.stdout
        assert questions is not None and answers is not None  # noqa: S101, PT018 - pipes

        def ask(question: object) -> Any:
            # If the program has ended, the pipe is broken or the line is empty.
            with suppress(BrokenPipeError):
                questions.write(json.dumps(question).encode() + b"\n")
                questions.flush()
            answer = answers.readline()
            if not answer:
                raise NotAnsweredError(f"{command[0]} ended instead of answering.")
            return json.loads(answer)

        with answers, suppress(BrokenPipeError), questions:
            yield ask


def await_answer(
    name: str, process: "subprocess.Popen[bytes]", ask: Callable[[], object], patience: float
) -> None:
    """Return as soon as `ask` raises no OSError. Raises NotStartedError."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStartedError(f"{name} ended while starting, with {process.returncode}.")
        try:
            ask()
        except OSError:
            time.sleep(_BETWEEN)
        else:
            return
    raise NotStartedError(f"{name} did not answer within {patience:g} seconds.")
