"""Calls to the authorization servers that an operator configured: limited in time and size, no redirects."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from scim import USER_AGENT
from scim.access.issuer import is_loopback, is_trusted_url
from scim.timed_response import TimedResponse

MAX_ANSWER = 262_144


class UnreachableError(Exception):
    """The server did not respond in time, or not with success and a JSON object.

    `status` is the status of its response, None without a response.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirect, so that every response comes from the configured server."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class _Plain(HTTPConnection):
    response_class = TimedResponse


class _Secure(HTTPSConnection):
    response_class = TimedResponse


class _TimedPlain(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Plain, req)


class _TimedSecure(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Secure, req)


def _opener() -> OpenerDirector:
    # Ignore the environment's proxies: only the configuration decides where requests go.
    opener = build_opener(ProxyHandler({}), _NoRedirects(), _TimedPlain(), _TimedSecure())
    opener.addheaders = [("User-Agent", USER_AGENT)]
    return opener


@dataclass(frozen=True, slots=True)
class Outbound:
    """Reads JSON over https; over http only from this machine, if `allows_loopback` (for tests).

    A call takes at most `seconds`.
    """

    allows_loopback: bool = False
    seconds: float = 2.0

    def read(self, url: str) -> dict[str, Any]:
        """Return the JSON object at a URL."""
        # Some issuers refuse to give their keys as plain JSON (RFC 7517 section 8.5.1).
        headers = {"Accept": "application/json, application/jwk-set+json"}
        return self._answer(Request(url, headers=headers))  # noqa: S310 - checked in _answer

    def post_form(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """Post a form; return the JSON object in the response."""
        body = urlencode(form).encode()
        media_type = "application/x-www-form-urlencoded"
        return self._answer(self._post(url, body, media_type, headers))

    def post_json(self, url: str, value: Any, headers: Mapping[str, str]) -> dict[str, Any]:
        """Post a JSON value; return the JSON object in the response."""
        return self._answer(
            self._post(url, json.dumps(value).encode(), "application/json", headers)
        )

    def _post(self, url: str, body: bytes, media_type: str, headers: Mapping[str, str]) -> Request:
        all_headers = {"Accept": "application/json", "Content-Type": media_type, **headers}
        return Request(url, data=body, headers=all_headers, method="POST")  # noqa: S310 - checked in _answer

    def _answer(self, request: Request) -> dict[str, Any]:
        url = request.full_url
        if not is_trusted_url(url) or (is_loopback(url) and not self.allows_loopback):
            raise UnreachableError("The URL is not one of https.")
        deadline = time.monotonic() + self.seconds
        try:
            with _opener().open(request, timeout=self.seconds) as response:
                value = json.loads(_body(response, deadline))
        except HTTPError as error:
            error.close()
            raise UnreachableError(f"The server answered {error.code}.", error.code) from error
        except (OSError, HTTPException, ValueError, RecursionError) as error:
            raise UnreachableError(f"The server did not answer: {type(error).__name__}.") from error
        if not isinstance(value, dict):
            raise UnreachableError("The server's answer is not a JSON object.")
        return value


def _body(response: HTTPResponse, deadline: float) -> bytes:
    body = b""
    # A socket's timeout restarts with each byte; the deadline also stops a server that sends slowly.
    while chunk := response.read1(65_536):
        body += chunk
        if len(body) > MAX_ANSWER or time.monotonic() > deadline:
            raise UnreachableError("The server's answer is too long or too slow.")
    return body
