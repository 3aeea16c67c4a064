"""The gateway as an HTTP/1.1 server on the loopback address."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from local.aws import FILES_PATH
from local.gateway import REQUEST_LIMIT
from local.http import Answer, Request, request_of

HOST = "127.0.0.1"

# How much of a body is read beyond the limit, so that the client can receive the refusal.
_DRAINED = 64 * 1024 * 1024
_BODILESS = {204, 304}
_NOT_READY = Answer(503, (("Retry-After", "1"),), b"")


class Server(ThreadingHTTPServer):
    """Listens at once; responds in the block of `serving`. It does not use WSGI, which would join repeated headers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, longest_body: int = REQUEST_LIMIT) -> None:
        super().__init__((HOST, port), _Handler)
        self.longest_body = longest_body
        self.answer: Callable[[Request], Answer] = lambda _: _NOT_READY

    @contextmanager
    def serving(self, answer: Callable[[Request], Answer]) -> Iterator[None]:
        """Respond with `answer` until the block ends."""
        self.answer = answer
        thread = Thread(target=self.serve_forever, name="server", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that closed its connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 75
    server: Server

    def __getattr__(self, name: str) -> Any:
        """Handle every method, even unknown ones."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in http.server
        """Log nothing: the functions log."""

    def version_string(self) -> str:
        return "local"

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            return self._send(Answer(400, (("Content-Length", "0"),), b""))
        headers = tuple(self.headers.items())
        return self._send(self.server.answer(request_of(self.command, self.path, headers, body)))

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            return None
        if self.path.startswith(FILES_PATH):
            # Not a request to the gateway: a file's size is not limited.
            return self.rfile.read(int(length))
        return self._read(int(length))

    def _read(self, length: int) -> bytes:
        content = self.rfile.read(min(length, self.server.longest_body + 1))
        excess = min(length - len(content), _DRAINED)
        while excess > 0 and (dropped := self.rfile.read(min(excess, 1 << 20))):
            excess -= len(dropped)
        if length > self.server.longest_body + _DRAINED:
            self.close_connection = True
        return content

    def _chunks(self) -> bytes | None:
        content = bytearray()
        while True:
            size = self.rfile.readline(32).partition(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                return None
            if length == 0:
                break
            content += self._read(length)
            self.rfile.readline(4)
            if len(content) > self.server.longest_body:
                self.close_connection = True
                return bytes(content)
        while self.rfile.readline(65_536).strip():
            """A trailer says nothing here."""
        return bytes(content)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        length = str(len(answer.body))
        for name, value in answer.headers:
            if name.lower() not in {"content-length", "connection"}:
                self.send_header(name, value)
            elif name.lower() == "content-length" and self.command == "HEAD":
                length = value  # the length of GET's body
        if answer.status not in _BODILESS:
            self.send_header("Content-Length", length)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status not in _BODILESS:
            self.wfile.write(answer.body)
