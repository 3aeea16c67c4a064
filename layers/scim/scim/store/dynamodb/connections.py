"""Connections to one endpoint: kept open, used by one thread at a time, errors as botocore names them.

What is spoken is as much of HTTP/1.1 (RFC 9112) as a POST and its answer take.
"""

import select
import socket
import ssl
import weakref
from collections.abc import Callable
from io import BufferedReader
from typing import NamedTuple
from urllib.parse import urlsplit

from botocore import exceptions

KEPT = 16
"""Idle connections that stay open: more than one request ever uses side by side."""
MAX_LINE = 65_536
MAX_HEADERS = 100


class HttpAnswer(NamedTuple):
    """What came back; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class BrokenAnswer(Exception):
    """What came back is no answer, or not the whole of one."""


class OpenSocket:
    """One open connection, and what is read from it."""

    __slots__ = ("poll", "reader", "socket")

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.reader: BufferedReader = opened.makefile("rb")
        self.poll = select.poll()
        self.poll.register(opened, select.POLLIN)

    def is_idle(self) -> bool:
        """Tell whether nothing has come that nobody asked for, such as the other side's end."""
        return not self.poll.poll(0)

    def close(self) -> None:
        """Close the connection."""
        self.reader.close()
        self.socket.close()


class Connections:
    """Sends requests to one endpoint; up to so many seconds for a connection, and for an answer.

    `context` is asked for what a TLS connection is checked by, once, when one is opened.
    """

    def __init__(
        self,
        url: str,
        connect_timeout: float,
        read_timeout: float,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        parts = urlsplit(url)
        self.url = url if parts.path else f"{url}/"
        self.host = parts.netloc.rpartition("@")[2]
        self.path = parts.path or "/"
        self._is_tls = parts.scheme == "https"
        self._address = (parts.hostname or "", parts.port or (443 if self._is_tls else 80))
        self._timeouts = (connect_timeout, read_timeout)
        self._context = context
        self._checked_by: ssl.SSLContext | None = None
        self._idle: list[OpenSocket] = []
        weakref.finalize(self, _close, self._idle)

    def exchange(self, headers: dict[str, str], body: bytes) -> HttpAnswer:
        """Send a POST, return its answer.

        Raises one of botocore's HTTPClientError or ConnectionError where there is none.
        """
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"POST {self.path} HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n"
        connection = self._taken()
        try:
            connection.socket.sendall(head.encode("latin-1") + body)
            answer = answer_in(connection.reader)
        except BaseException as error:
            connection.close()
            if isinstance(error, TimeoutError):
                raise exceptions.ReadTimeoutError(endpoint_url=self.url, error=error) from error
            if isinstance(error, OSError | BrokenAnswer):
                raise exceptions.ConnectionClosedError(endpoint_url=self.url) from error
            raise
        if answer.headers.get("connection", "").lower() == "close" or len(self._idle) >= KEPT:
            connection.close()
        else:
            self._idle.append(connection)
        return answer

    def _taken(self) -> OpenSocket:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._opened()
            if connection.is_idle():
                return connection
            connection.close()

    def _opened(self) -> OpenSocket:
        connect, read = self._timeouts
        try:
            opened = socket.create_connection(self._address, timeout=connect)
            try:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                if self._is_tls:
                    opened = self._tls().wrap_socket(opened, server_hostname=self._address[0])
                opened.settimeout(read)
            except BaseException:
                opened.close()
                raise
        except TimeoutError as error:
            raise exceptions.ConnectTimeoutError(endpoint_url=self.url, error=error) from error
        except ssl.SSLError as error:
            raise exceptions.SSLError(endpoint_url=self.url, error=error) from error
        except OSError as error:
            raise exceptions.EndpointConnectionError(endpoint_url=self.url, error=error) from error
        return OpenSocket(opened)

    def _tls(self) -> ssl.SSLContext:
        # Two threads that open the first two connections may both make one, which does no harm.
        if self._checked_by is None:
            self._checked_by = self._context()
        return self._checked_by


def _close(connections: list[OpenSocket]) -> None:
    while connections:
        connections.pop().close()


def answer_in(reader: BufferedReader) -> HttpAnswer:
    """Return the next answer in a stream. Raises BrokenAnswer where there is none."""
    while True:
        lines = _head(reader)
        version, _, rest = lines[0].partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdigit():
            raise BrokenAnswer
        status, headers = int(rest[:3]), _headers(lines[1:])
        if status >= 200:  # what comes before is not the answer yet
            break
    if version == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return HttpAnswer(status, headers, _body(reader, headers))


def _head(reader: BufferedReader) -> list[str]:
    """Return the lines up to an empty one: at once where all of them have come."""
    come = reader.peek()
    end = come.find(b"\r\n\r\n")
    if end > 0:
        return reader.read(end + 4)[:-4].decode("latin-1").split("\r\n")
    lines = [_line(reader).decode("latin-1")]
    while line := _line(reader):
        lines.append(line.decode("latin-1"))
        if len(lines) > MAX_HEADERS:
            raise BrokenAnswer
    return lines


def _headers(lines: list[str]) -> dict[str, str]:
    if len(lines) > MAX_HEADERS:
        raise BrokenAnswer
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return headers


def _body(reader: BufferedReader, headers: dict[str, str]) -> bytes:
    length = headers.get("content-length", "")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return b"".join(iter(lambda: _chunk(reader), b""))
    if length.isdigit():
        return _exactly(reader, int(length))
    headers["connection"] = "close"
    return reader.read()


def _chunk(reader: BufferedReader) -> bytes:
    """Return the next chunk (RFC 9112 section 7.1), nothing behind the last."""
    text = _line(reader).partition(b";")[0].strip()
    try:
        size = int(text, 16)
    except ValueError as error:
        raise BrokenAnswer from error
    if size == 0:
        while _line(reader):  # trailers
            pass
        return b""
    chunk = _exactly(reader, size)
    _line(reader)
    return chunk


def _exactly(reader: BufferedReader, size: int) -> bytes:
    read = reader.read(size)
    if len(read) < size:
        raise BrokenAnswer
    return read


def _line(reader: BufferedReader) -> bytes:
    """Return a line without its end. Raises BrokenAnswer where the stream ends."""
    line = reader.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise BrokenAnswer
    return line.rstrip(b"\r\n")
