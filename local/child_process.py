"""Servers in processes of their own: a port for one, the wait until it answers, and its end."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_server
from typing import Any

_BETWEEN = 0.1
"""Seconds between two questions whether one answers."""


class NotStartedError(Exception):
    """A server ended while it started, or took too long; the text is for a person."""


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens at."""
    return free_ports(1)[0]


def free_ports(number: int) -> list[int]:
    """Return as many different ones."""
    with ExitStack() as stack:
        probes = [stack.enter_context(create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def child(
    command: Sequence[str | Path], *, patience: float = 10, **options: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command until the block ends, with options of Popen; then it has so many seconds to end."""
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


def await_answer(
    name: str, process: "subprocess.Popen[bytes]", ask: Callable[[], object], patience: float = 60
) -> None:
    """Return as soon as `ask` raises no OSError; raises NotStartedError."""
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
