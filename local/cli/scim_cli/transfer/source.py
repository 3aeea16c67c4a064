"""Reads another SCIM server as fast as that server allows."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self
from urllib.parse import urlsplit

import click
import httpx2

from scim_cli.http_client import client_for
from scim_cli.local_run import HOSTS
from scim_cli.output import note
from scim_cli.service import BUSY, TokenAuth

_TRIES: Final = 8
_WAIT: Final = 600.0
"""Seconds that are waited at most at once, whatever the other side says."""


class SourceRefused(click.ClickException):
    """The other server refused a request; `scim_type` is the error's scimType, if it has one."""

    def __init__(self, path: str, status: int, detail: str, scim_type: str) -> None:
        super().__init__(f"GET {path} of the other server: {status} {detail}".strip())
        self.status = status
        self.scim_type = scim_type


@dataclass(frozen=True, slots=True)
class SourceType:
    """A resource type of the other server: its name and its endpoint."""

    name: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Source:
    """Reads one server, whose endpoints are below `base`."""

    base: str
    http: httpx2.Client

    @classmethod
    def at(cls, base: str, token: str) -> Self:
        """Return the server of a URL; ends the command if the token would be sent unencrypted."""
        parts = urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in HOSTS:
            raise click.UsageError("--from-scim: expected an https URL, up to where /Users begins.")
        # Some servers know only application/json, some only */* (wso2/product-is#3374).
        headers = {"Accept": "application/scim+json, application/json;q=0.9, */*;q=0.8"}
        # Redirects are not followed: the token is for this server.
        http = client_for(base, headers=headers, auth=TokenAuth(token))
        return cls(base.rstrip("/"), http)

    def get(self, path: str, **parameters: str | int) -> dict[str, Any]:
        """Return the object at a path; repeat the request when the server asks for it.

        Raises SourceRefused, also if the response is not a JSON object.
        """
        attempts = 0
        while True:
            answer = self._answer(path, parameters)
            attempts += 1
            if answer.status_code not in BUSY or attempts == _TRIES:
                break
            seconds = _seconds_until(answer.headers.get("Retry-After", ""), attempts)
            note(f"The other server answers {answer.status_code}; waiting {seconds:.0f} s.")
            time.sleep(seconds)
        content = _object_in(answer)
        if answer.status_code == 200 and content is not None:
            return content
        error = content or {}
        detail = str(error.get("detail", "")) or "is not a SCIM response"
        raise SourceRefused(path, answer.status_code, detail, str(error.get("scimType", "")))

    def _answer(self, path: str, parameters: Mapping[str, str | int]) -> httpx2.Response:
        try:
            return self.http.get(self.base + path, params=parameters)
        except httpx2.HTTPError as error:
            raise click.ClickException(
                f"The other server does not respond: {type(error).__name__}; run the command again."
            ) from error

    def types(self) -> list[SourceType]:
        """Return the resource types; those of RFC 7643 if the server does not announce any."""
        try:
            documents = self.get("/ResourceTypes").get("Resources", [])
        except SourceRefused as refusal:
            if refusal.status in {401, 403}:
                raise
            documents = []
        types = [
            SourceType(
                str(document["name"]), "/" + str(document["endpoint"]).strip("/").rpartition("/")[2]
            )
            for document in documents
            if isinstance(document, Mapping) and "name" in document and "endpoint" in document
        ]
        return types or [SourceType("User", "/Users"), SourceType("Group", "/Groups")]

    def has_cursors(self) -> bool:
        """Tell whether lists are paged by cursor (RFC 9865 section 4)."""
        try:
            pagination = self.get("/ServiceProviderConfig").get("pagination")
        except SourceRefused:
            return False
        return isinstance(pagination, Mapping) and pagination.get("cursor") is True


def _seconds_until(header: str, attempts: int) -> float:
    """Return the seconds to wait: those in Retry-After (RFC 9110 section 10.2.3), else more each time."""
    if header.strip().isdecimal():
        return min(float(header), _WAIT)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return min(2.0**attempts, _WAIT)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0), _WAIT)


def _object_in(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
