"""A server that answers bit by bit and never comes to an end, in the headers of its answer or in the body."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes.serving import serving


@dataclass
class Dripping:
    """Sends `most` parts, one each twentieth of a second; `parts` are those it has sent."""

    part: str
    url: str = ""
    parts: int = 0
    most: int = 60


class _Http(ThreadingHTTPServer):
    def __init__(self, dripped: Dripping) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dripped = dripped


class _Handler(BaseHTTPRequestHandler):
    server: _Http

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
    with serving(_Http(dripped)) as url:
        dripped.url = url
        yield dripped
