"""Starts and stops DynamoDB Local so that only this machine can reach it.

It listens on every interface and has no option to change that. So it runs in its own network namespace, which
has only a loopback interface, and a relay carries connections to it from a port on this machine's loopback
interface.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from local.child_process import NotStartedError, await_answer, free_port
from local.dynamodb_local.package import home
from local.packages.npm import UnavailableError

ENDPOINT_VARIABLE = "DYNAMODB_LOCAL_URL"
EXPOSED_VARIABLE = "DYNAMODB_LOCAL_LISTEN"
INNER_PORT = 8000
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""The server lives for minutes, too short for the second compiler's time to pay off."""
_ENDING = 15
"""Seconds to wait for an earlier server of a folder, which may still be storing its last writes."""

_EXPOSED = f"""DynamoDB Local listens on every network interface of a machine, without a password. On this machine it
cannot be fenced in (that takes Linux, util-linux's unshare, and user namespaces). If you want it to run all the same, say so:

    export {EXPOSED_VARIABLE}=all
"""


@contextmanager
def running(data: Path | None = None, port: int = 0, patience: float = 60) -> Iterator[str]:
    """Run DynamoDB Local and yield its URL on the loopback interface; `port` 0 takes a free one.

    `data` is the folder for its tables; without it everything is in memory. Raises UnavailableError, whose
    message is for a person.
    """
    command = java_command(home().resolve(), data)
    with _locked(data, min(patience, _ENDING)) as lock:
        if can_be_fenced():
            server, endpoint = _fenced(command, port, lock)
        elif os.environ.get(EXPOSED_VARIABLE) == "all":
            server, endpoint = _exposed(command, port, lock)
        else:
            raise UnavailableError(_EXPOSED)
    try:
        try:
            await_answer("DynamoDB Local", server, partial(_asked, endpoint), patience)
        except NotStartedError as error:
            raise UnavailableError(str(error)) from error
        yield endpoint
    finally:
        if server.stdin is None:
            server.terminate()
        else:
            server.stdin.close()  # then the relay ends, and ends the server
        server.wait()


@contextmanager
def _locked(data: Path | None, patience: float) -> Iterator[tuple[int, ...]]:
    """Yield the descriptors that keep other servers from the folder as long as a process has them open.

    Raises UnavailableError if another server has the folder for `patience` seconds.
    """
    if data is None:
        yield ()
        return
    with (data / ".lock").open("w") as lock:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise UnavailableError(f"Another DynamoDB Local uses {data}.") from None
                time.sleep(0.1)
        yield (lock.fileno(),)


def java_command(folder: Path, data: Path | None) -> list[str]:
    """Return the command that starts the server, without its port."""
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    place = ["-inMemory"] if data is None else ["-dbPath", str(data.resolve())]
    return [
        "java",
        "-Xmx512m",
        *QUICK,
        f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
        "-jar",
        str(folder / "DynamoDBLocal.jar"),
        "-sharedDb",
        "-disableTelemetry",
        *place,
    ]


def can_be_fenced() -> bool:
    """Tell whether this machine allows us to create a network namespace."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    return (
        subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0
    )


def _fenced(
    command: list[str], port: int, lock: tuple[int, ...]
) -> tuple[subprocess.Popen[bytes], str]:
    # The socket belongs to the namespace in which it was created, and the child that inherits it can use it.
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        relay = Path(__file__).with_name("relay.py")
        server = subprocess.Popen(
            [
                *("unshare", "-rn", sys.executable, "-I", str(relay)),
                *(str(listener.fileno()), str(INNER_PORT)),
                *(*command, "-port", str(INNER_PORT)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno(), *lock],
            start_new_session=True,  # Ctrl-C is for the server's users, who may still write to it
        )
        return server, f"http://127.0.0.1:{listener.getsockname()[1]}"


def _exposed(
    command: list[str], port: int, lock: tuple[int, ...]
) -> tuple[subprocess.Popen[bytes], str]:
    port = port or free_port()
    server = subprocess.Popen(
        [*command, "-port", str(port)], stdout=subprocess.DEVNULL, pass_fds=lock
    )
    return server, f"http://127.0.0.1:{port}"


def _asked(endpoint: str) -> None:
    """Return if the server responds to HTTP at all. Raises OSError."""
    try:
        urllib.request.urlopen(endpoint, timeout=5).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError as answer:
        answer.close()
