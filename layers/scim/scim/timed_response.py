"""HTTP responses with one timeout for the whole response, however slowly the server sends it.

A socket's own timeout starts again with each byte: a server that sends one header every few seconds
could keep a reader waiting for minutes.
"""

import time
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from socket import SocketIO, socket
from typing import Any


class TimedResponse(HTTPResponse):
    """A response whose status, headers and body together must arrive within its socket's timeout."""

    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = BufferedReader(_Within(sock, sock.gettimeout()))


class _Within(RawIOBase):
    """The bytes that a socket receives within `seconds`. Raises TimeoutError after that."""

    def __init__(self, sock: socket, seconds: float | None) -> None:
        self._socket = sock
        self._raw: SocketIO = sock.makefile("rb", buffering=0)
        self._until = None if seconds is None else time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._until is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError("The time for the response is over.")
            self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
