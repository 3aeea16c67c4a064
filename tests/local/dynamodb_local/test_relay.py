"""The relay carries bytes both ways and ends the server with its starter."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

RELAY = Path(__file__).parents[3] / "local/dynamodb_local/relay.py"
ECHO = """
import socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(self.request.recv(100).upper())
socketserver.TCPServer(("0.0.0.0", int(sys.argv[1])), Echo).serve_forever()
"""

pytestmark = pytest.mark.dynamodb  # for it too takes a network namespace


STORING = """
import pathlib, signal, sys, time
def store(*_):
    time.sleep(0.5)
    pathlib.Path(sys.argv[2]).write_text("stored")
    sys.exit()
signal.signal(signal.SIGTERM, store)
pathlib.Path(sys.argv[1]).touch()
signal.pause()
"""


@contextmanager
def _relayed(*command: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        relay = subprocess.Popen(
            [
                *(
                    "unshare",
                    "-rn",
                    sys.executable,
                    "-I",
                    str(RELAY),
                    str(listener.fileno()),
                    "8000",
                ),
                *(sys.executable, "-c", *(command or (ECHO, "8000"))),
            ],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
        )
    try:
        yield relay, port
    finally:
        assert relay.stdin is not None
        relay.stdin.close()
        relay.wait(10)


def _answer(port: int) -> bytes:
    for _ in range(100):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"hello")
            if answer := client.recv(100):
                return answer
        time.sleep(0.1)  # the server is not up yet
    return b""


def test_bytes_go_there_and_back() -> None:
    with _relayed() as (_, port):
        assert _answer(port) == b"HELLO"


def test_the_relay_and_its_server_end_when_standard_input_closes() -> None:
    with _relayed() as (relay, port):
        _answer(port)
    assert relay.returncode is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)


def test_the_server_can_store_acknowledged_writes_before_it_is_killed(tmp_path: Path) -> None:
    started, stored = tmp_path / "started", tmp_path / "stored"
    with _relayed(STORING, str(started), str(stored)):
        while not started.exists():
            time.sleep(0.05)
    assert stored.read_text() == "stored"
