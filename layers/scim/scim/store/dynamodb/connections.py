"""Connections to one endpoint. They stay open, serve one thread at a time and raise botocore's errors.

This implements the part of HTTP/1.1 (RFC 9112) that a POST and its response need.
"""

import re
import select
import socket
import ssl
import weakref
from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit

from botocore import exceptions

KEPT = 16
"""The maximum number of idle connections: more than one request ever uses concurrently."""
MAX_HEADERS = 100
MOST_OF_A_HEAD = 65_536
"""The maximum size in bytes of a response's head, or of a line."""
AT_ONCE = 65_536
"""The maximum number of bytes in one read."""
END_OF_LINE, END_OF_HEAD = b"\r\n", b"\r\n\r\n"
_HEADER = re.compile(r"\n([^:\r\n]+):[ \t]*([^\r\n]*)")


class HttpAnswer(NamedTuple):
    """A response; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class BrokenAnswer(Exception):
    """The data received is not a response, or not a complete one."""


class OpenSocket:
    """One open connection, and the bytes received on it that nobody has read yet."""

    __slots__ = ("_poll", "_unread", "socket")

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self._unread = b""
        self._poll = select.poll()
        self._poll.register(opened, select.POLLIN)

    def is_idle(self) -> bool:
        """Tell whether nothing unexpected has arrived, such as the end of the connection."""
        return not self._unread and not self._poll.poll(0)

    def close(self) -> None:
        self.socket.close()

    def until(self, end: bytes) -> bytes:
        """Return the bytes before `end`, the end of a line or of a head. Raises BrokenAnswer if it does not come."""
        while (at := self._unread.find(end)) < 0:
            if len(self._unread) > MOST_OF_A_HEAD or not self._has_more():
                raise BrokenAnswer
        unread = self._unread
        self._unread = unread[at + len(end) :]
        return unread[:at]

    def exactly(self, size: int) -> bytes:
        """Return `size` bytes. Raises BrokenAnswer if fewer arrive."""
        unread, self._unread = self._unread, b""
        if len(unread) > size:
            self._unread = unread[size:]
            return unread[:size]
        if len(unread) == size:
            return unread
        parts, missing = [unread], size - len(unread)
        while missing:
            part = self.socket.recv(min(missing, AT_ONCE))
            if not part:
                raise BrokenAnswer
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def to_end(self) -> bytes:
        """Return everything up to the end of the connection."""
        while self._has_more():
            pass
        return self._unread

    def _has_more(self) -> bool:
        part = self.socket.recv(AT_ONCE)
        self._unread += part
        return bool(part)


class Connections:
    """Sends requests to one endpoint; the timeouts, in seconds, are for connecting and for one read.

    `context` makes the SSL context. It is called once, when the first TLS connection is opened.
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
        self._start = f"POST {self.path} HTTP/1.1\r\ncontent-length: "
        self._is_tls = parts.scheme == "https"
        self._address = (parts.hostname or "", parts.port or (443 if self._is_tls else 80))
        self._timeouts = (connect_timeout, read_timeout)
        self._context = context
        self._checked_by: ssl.SSLContext | None = None
        self._idle: list[OpenSocket] = []
        weakref.finalize(self, _close, self._idle)

    def exchange(self, headers: dict[str, str], body: bytes) -> HttpAnswer:
        """Send a POST and return its response.

        Raises one of botocore's HTTPClientError or ConnectionError if there is no response.
        """
        lines = "\r\n".join([*map(": ".join, headers.items()), "", ""])
        head = f"{self._start}{len(body)}\r\n{lines}"
        connection = self._taken()
        try:
            connection.socket.sendall(head.encode("latin-1") + body)
            answer = answer_in(connection)
        except BaseException as error:
            connection.close()
            # What has ended this connection may have ended them all: Lambda may have frozen the process for an hour.
            _close(self._idle)
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

    def rest(self) -> None:
        """Close the idle connections, and prepare the SSL context for the next one."""
        _close(self._idle)
        if self._is_tls:
            self._tls()

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
        # Two threads that open the first connections may both make one; that does no harm.
        if self._checked_by is None:
            self._checked_by = self._context()
        return self._checked_by


def _close(connections: list[OpenSocket]) -> None:
    while True:
        try:
            connection = connections.pop()
        except IndexError:  # another thread may have taken the last one
            return
        connection.close()


def answer_in(connection: OpenSocket) -> HttpAnswer:
    """Return the next response of a connection. Raises BrokenAnswer if there is none."""
    while True:
        head = connection.until(END_OF_HEAD).decode("latin-1")
        version, status = head[:8], head[9:12]
        if version[:7] != "HTTP/1." or not status.isdigit():
            raise BrokenAnswer
        found = _HEADER.findall(head)
        if len(found) > MAX_HEADERS:
            raise BrokenAnswer
        if status[0] != "1":  # 1xx: an interim response
            break
    names, values = map(itemgetter(0), found), map(itemgetter(1), found)
    headers = dict(zip(map(str.lower, names), map(str.rstrip, values), strict=True))
    if version == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return HttpAnswer(int(status), headers, _body(connection, headers))


def _body(connection: OpenSocket, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return b"".join(iter(lambda: _chunk(connection), b""))
    length = headers.get("content-length", "")
    if length.isdigit():
        return connection.exactly(int(length))
    headers["connection"] = "close"
    return connection.to_end()


def _chunk(connection: OpenSocket) -> bytes:
    """Return the next chunk (RFC 9112 section 7.1), or b"" after the last one."""
    text = connection.until(END_OF_LINE).partition(b";")[0].strip()
    try:
        size = int(text, 16)
    except ValueError as error:
        raise BrokenAnswer from error
    if size == 0:
        while connection.until(END_OF_LINE):  # trailers
            pass
        return b""
    chunk = connection.exactly(size)
    connection.until(END_OF_LINE)
    return chunk
