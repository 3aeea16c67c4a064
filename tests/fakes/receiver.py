"""A receiver of pushed events on this machine (RFC 8935): what it got, and what it answers."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes.serving import serving


@dataclass
class Receiver:
    """`answers` are given one after the other, the last of them for ever: status, body and headers."""

    url: str = ""
    answers: list[tuple[int, object, dict[str, str]]] = field(
        default_factory=lambda: [(202, None, {})]
    )
    got: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def refuses(self, status: int, body: object = None, **headers: str) -> None:
        """Answer so from now on."""
        self.answers = [(status, body, headers)]

    def accepts(self) -> None:
        """Take everything from now on."""
        self.refuses(202)


class _Http(ThreadingHTTPServer):
    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_POST(self) -> None:
        receiver = self.server.receiver
        token = self.rfile.read(int(self.headers["Content-Length"])).decode()
        receiver.got.append((token, {name.lower(): each for name, each in self.headers.items()}))
        status, body, headers = receiver.answers[0]
        if len(receiver.answers) > 1:
            receiver.answers.pop(0)
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing on the console."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve on a free port of this machine until the block ends."""
    receiver = Receiver()
    with serving(_Http(receiver)) as url:
        receiver.url = f"{url}/events?from=scim"
        yield receiver


@dataclass
class Dripping:
    """A server whose answer never comes to an end, in its headers or in its body.

    It sends `most` parts, one each twentieth of a second; `parts` are those it has sent.
    """

    part: str
    url: str = ""
    parts: int = 0
    most: int = 60


class _DrippingHttp(ThreadingHTTPServer):
    def __init__(self, dripped: Dripping) -> None:
        super().__init__(("127.0.0.1", 0), _DrippingHandler)
        self.dripped = dripped


class _DrippingHandler(BaseHTTPRequestHandler):
    server: _DrippingHttp

    def do_GET(self) -> None:
        self._drip()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._drip()

    def _drip(self) -> None:
        dripped = self.server.dripped
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if dripped.part == "body":
            self.wfile.write(b"Content-Length: 10000\r\n\r\n")
        for _ in range(dripped.most):
            try:
                self.wfile.write(b"x" if dripped.part == "body" else b"X-Drip: x\r\n")
            except OSError:
                return
            dripped.parts += 1
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Say nothing on the console."""


@contextmanager
def dripping(part: str) -> Iterator[Dripping]:
    """Serve on a free port of this machine until the block ends."""
    dripped = Dripping(part)
    with serving(_DrippingHttp(dripped)) as url:
        dripped.url = url
        yield dripped
