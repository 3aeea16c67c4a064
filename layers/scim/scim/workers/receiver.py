"""Who events are pushed to: a server of a tenant's choice, called at a public address only."""

import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from scim.resource.history.feed import is_public_address, unfit_receiver
from scim.timed_response import TimedResponse

MEDIA_TYPE: Final = "application/secevent+jwt"
SECONDS: Final = 5.0
"""For the connection, and again for all of the answer."""
MOST_READ: Final = 16_384
"""Bytes that are read of an answer."""
_ERRORS: Final = frozenset(
    {
        "invalid_request",
        "invalid_key",
        "invalid_issuer",
        "invalid_audience",
        "authentication_failed",
        "access_denied",
    }
)
"""The codes of RFC 8935 section 2.4. Any other text is a stranger's, and in no log."""
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class NotReachedError(Exception):
    """Nobody answered; the message says why without a word of what was sent."""


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What a receiver answered (RFC 8935 sections 2.2 and 2.3).

    `error` is the code of its refusal, empty where it gave none that is known; `seconds` after how long it wants
    to be asked again, 0 where it does not say.
    """

    status: int
    error: str = ""
    seconds: int = 0

    @property
    def is_accepted(self) -> bool:
        """Tell whether the SET arrived: 202 it is, and what else says success is taken for it."""
        return 200 <= self.status < 300


Post = Callable[[str, str, str], PushAnswer]
"""Sends a SET to a URL with an Authorization header, empty for none; raises NotReachedError."""


def post(url: str, token: str, authorization: str) -> PushAnswer:
    """Send a SET by https to a public address."""
    if unfit_receiver(url):
        raise NotReachedError(f"The receiver is not called: {unfit_receiver(url)}.")
    parts = urlsplit(url)
    connection = _PublicConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    return _posted(connection, url, token, authorization)


def post_with_loopback(url: str, token: str, authorization: str) -> PushAnswer:
    """Send a SET, by http too to this machine: for tests and local runs."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return post(url, token, authorization)
    connection = _PlainConnection(parts.hostname, parts.port, timeout=SECONDS)
    return _posted(connection, url, token, authorization)


def _posted(connection: HTTPConnection, url: str, token: str, authorization: str) -> PushAnswer:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"Content-Type": MEDIA_TYPE, "Accept": "application/json"}
    if authorization:
        headers["Authorization"] = authorization
    try:
        connection.request("POST", target, token.encode(), headers)
        # Not followed where it leads elsewhere: a redirection is no success.
        answer = connection.getresponse()
        body = answer.read(MOST_READ)
        asked = answer.getheader("Retry-After", "")
        seconds = int(asked) if asked.isascii() and asked.isdigit() else 0
        return PushAnswer(answer.status, _error_in(body) if answer.status == 400 else "", seconds)
    except (OSError, HTTPException, ValueError) as error:
        raise NotReachedError(f"The receiver did not answer: {type(error).__name__}.") from error
    finally:
        connection.close()


def _error_in(body: bytes) -> str:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = said.get("err") if isinstance(said, dict) else None
    return error if isinstance(error, str) and error in _ERRORS else ""


class _PlainConnection(HTTPConnection):
    response_class = TimedResponse


class _PublicConnection(HTTPSConnection):
    """Connects to the address it has looked at: a name that leads elsewhere next time leads nowhere."""

    response_class = TimedResponse

    def connect(self) -> None:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not addresses or not all(map(is_public_address, addresses)):
            raise NotReachedError("The receiver's name leads to an address that is not public.")
        plain = socket.create_connection((addresses[0], self.port), self.timeout)
        secure = ssl.create_default_context()
        self.sock = secure.wrap_socket(plain, server_hostname=self.host)
