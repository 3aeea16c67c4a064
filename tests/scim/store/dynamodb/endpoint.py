"""An endpoint on the loopback that does to its connections what a test says."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


class Ended(Exception):
    """This connection ends here."""


Step = Callable[[socket.socket, bytes], None]
"""What is done with a request: its connection and its body."""


@dataclass
class Endpoint:
    """Where it is, how often it was connected to, and what was asked of it."""

    url: str
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


@contextmanager
def endpoint(*steps: Step) -> Iterator[Endpoint]:
    """Serve a request by each of the steps, on as many connections as are opened."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}")
        left = list(steps)
        thread = threading.Thread(target=_serve, args=(listening, found, left), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _serve(listening: socket.socket, found: Endpoint, left: list[Step]) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        found.connections += 1
        with connection, connection.makefile("rb") as reader:
            while left:
                head = list(iter(reader.readline, b"\r\n")) if reader.peek(1) else []
                if not head:
                    break
                text = b"".join(head).decode("latin-1")
                length = int(text.lower().partition("content-length: ")[2].partition("\r\n")[0])
                found.heads.append(text)
                found.asked.append(reader.read(length))
                try:
                    left.pop(0)(connection, found.asked[-1])
                except Ended:
                    break


def answering(
    body: bytes = b"{}", status: str = "200 OK", headers: Sequence[str] = (), *, cut: int = 0
) -> Step:
    """Return the step that answers; without the last `cut` bytes it then closes the connection."""

    def step(connection: socket.socket, _: bytes) -> None:
        lines = "".join(f"{line}\r\n" for line in (*headers, f"Content-Length: {len(body)}"))
        sent = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
        connection.sendall(sent[: len(sent) - cut])
        if cut:
            close(connection, b"")

    return step


def sending(text: bytes, *, and_close: bool = False) -> Step:
    """Return the step that sends these bytes, whatever they are."""

    def step(connection: socket.socket, body: bytes) -> None:
        connection.sendall(text)
        if and_close:
            close(connection, body)

    return step


def close(_: socket.socket, __: bytes) -> None:
    """Close the connection."""
    raise Ended


def reset(connection: socket.socket, _: bytes) -> None:
    """Reset the connection, as a machine does that has gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Ended
