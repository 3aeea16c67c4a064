"""Performs operations of administration: over the Admin API, signed with AWS credentials, or on the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import click
import httpx2
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials

from scim.compact import json_text
from scim.service.administration.operations import performed
from scim.service.administration.ports import Actor, Administration
from scim_cli.exits import NoAccess, Unreachable

_SERVICE = "execute-api"
_FORBIDDEN = 403


def path_of(tenant: str, *parts: str) -> str:
    """Return the Admin API's path of a tenant, or of a part of it."""
    return "/".join(("/tenants", *(quote(part, safe="") for part in (tenant, *parts))))


class Administrator(Protocol):
    """Performs the operations of docs/administration.md."""

    def call(self, method: str, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to an operation; `parameters` are the members of its query or its body."""


@dataclass(frozen=True, slots=True)
class OnTable:
    """Performs them on the table with its AWS credentials: for repair, and for stacks without the API."""

    administration: Administration
    actor: Actor

    def call(self, method: str, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Perform an operation. Raises ScimError when it is refused."""
        result = performed(self.administration, self.actor, method, path, parameters)
        return {**result.body, "notes": list(result.notes)}


@dataclass(frozen=True, slots=True)
class OverApi:
    """Sends them to the Admin API at `url`, which ends in `/admin/v1`."""

    url: str
    credentials: Credentials | ReadOnlyCredentials
    region: str
    http: httpx2.Client

    def call(self, method: str, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Send an operation. Raises ClickException when it is refused, NoAccess and Unreachable."""
        is_query = method in ("GET", "DELETE")
        # AWS signs a blank as %20, not as +.
        query = urlencode(parameters, quote_via=quote) if is_query else ""
        url = f"{self.url}{path}{f'?{query}' if query else ''}"
        content = b"" if is_query or not parameters else json_text(parameters).encode()
        signed_request = AWSRequest(method, url, {"Content-Type": "application/json"}, content)
        SigV4Auth(self.credentials, _SERVICE, self.region).add_auth(signed_request)
        headers = {name: str(value) for name, value in signed_request.headers.items()}
        try:
            answer = self.http.request(method, url, content=content, headers=headers)
        except httpx2.RequestError as error:
            raise Unreachable.at(self.url, error) from error
        document = _object_in(answer)
        if not answer.is_success or document is None:
            raise _refusal(answer.status_code, document)
        return document


def _object_in(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        document = answer.json()
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _refusal(status: int, document: Mapping[str, Any] | None) -> click.ClickException:
    """Return the error for a refusal by the function, by the gateway, or by what is in between."""
    if document is None:
        return click.ClickException(f"The Admin API answered {status} without JSON.")
    if "detail" in document:
        return click.ClickException(str(document["detail"]))
    reason = str(document.get("message") or document.get("Message") or status)
    if status == _FORBIDDEN:
        return NoAccess(f"The Admin API refused these AWS credentials: {reason}")
    return click.ClickException(f"The Admin API answered {status}: {reason}")
