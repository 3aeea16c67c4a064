"""Calls to receivers of events: servers that tenants choose, called at public addresses only."""

import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from math import ceil
from typing import Final
from urllib.parse import urlsplit

from scim import USER_AGENT
from scim.resource.history.feed import is_public_address, unfit_receiver
from scim.timed_response import TimedResponse

MEDIA_TYPE: Final = "application/secevent+jwt"
SECONDS: Final = 5.0
"""The timeout of connecting, and again of the whole answer."""
MOST_READ: Final = 16_384
"""The most bytes read of an answer."""
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
"""The error codes of RFC 8935 section 2.4. Other text comes from a third party and is never logged."""
_DIGITS: Final = 9
"""The most digits read of a number of seconds; Python refuses to read thousands of them."""
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class NotReachedError(Exception):
    """The receiver did not answer; the message says why and contains nothing that was sent."""


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """A receiver's answer (RFC 8935 sections 2.2 and 2.3).

    `error` is its error code, empty where it gave no known one; `seconds` is the time until its Retry-After,
    0 where it gave none.
    """

    status: int
    error: str = ""
    seconds: int = 0

    @property
    def is_accepted(self) -> bool:
        """Tell whether the SET was accepted: the RFC requires 202, but any 2xx counts."""
        return 200 <= self.status < 300


Post = Callable[[str, str, str], PushAnswer]
"""Sends a SET to a URL with an Authorization header, empty for none. Raises NotReachedError."""


def post(url: str, token: str, authorization: str) -> PushAnswer:
    """Send a SET by https to a public address. Raises NotReachedError."""
    if unfit_receiver(url):
        raise NotReachedError(f"The receiver cannot be called: {unfit_receiver(url)}.")
    parts = urlsplit(url)
    connection = _PublicConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    return _posted(connection, url, token, authorization)


def post_with_loopback(url: str, token: str, authorization: str) -> PushAnswer:
    """Send a SET as `post` does, and by plain http to this machine: for tests and local runs."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return post(url, token, authorization)
    connection = _PlainConnection(parts.hostname, parts.port, timeout=SECONDS)
    return _posted(connection, url, token, authorization)


def _posted(connection: HTTPConnection, url: str, token: str, authorization: str) -> PushAnswer:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Accept": "application/json",
        "User-Agent": USER_AGENT,
    }
    if authorization:
        headers["Authorization"] = authorization
    try:
        connection.request("POST", target, token.encode(), headers)
        # A redirect is not followed; it counts as a failure.
        answer = connection.getresponse()
        body = answer.read(MOST_READ)
        seconds = _seconds_in(answer.getheader("Retry-After", ""))
        return PushAnswer(answer.status, _error_in(body) if answer.status == 400 else "", seconds)
    except (OSError, HTTPException, ValueError) as error:
        raise NotReachedError(f"The receiver did not respond: {type(error).__name__}.") from error
    finally:
        connection.close()


def _seconds_in(retry_after: str) -> int:
    """Return the seconds that a Retry-After asks for, as a number or as a date (RFC 9110 section 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:_DIGITS])
    try:
        return max(0, ceil(parsedate_to_datetime(retry_after).timestamp() - time.time()))
    except (ValueError, OverflowError):
        return 0


def _error_in(body: bytes) -> str:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = content.get("err") if isinstance(content, dict) else None
    return error if isinstance(error, str) and error in _ERRORS else ""


class _PlainConnection(HTTPConnection):
    response_class = TimedResponse


class _PublicConnection(HTTPSConnection):
    """Connects to the very address it has checked, so that the name cannot resolve to another one in between."""

    response_class = TimedResponse

    def connect(self) -> None:
        candidates = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(candidate[4][0]) for candidate in candidates))
        if not addresses or not all(map(is_public_address, addresses)):
            raise NotReachedError("The receiver's name resolves to an address that is not public.")
        secure = ssl.create_default_context()
        self.sock = secure.wrap_socket(self._reached(addresses), server_hostname=self.host)

    def _reached(self, addresses: list[str]) -> socket.socket:
        """Return a connection to the first address that accepts one.

        All of them share the timeout: each but the last has half of what is left.
        """
        left, failure = SECONDS, OSError()
        for number, address in enumerate(addresses, 1):
            seconds = left if number == len(addresses) else left / 2
            left -= seconds
            try:
                plain = socket.create_connection((address, self.port), seconds)
            except OSError as error:
                failure = error
            else:
                plain.settimeout(SECONDS)
                return plain
        raise failure
