"""What a use case needs of an API Gateway proxy event (REST API, payload version 1)."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from itertools import pairwise
from typing import Any

from scim.errors import InvalidSyntax, Unauthorized
from scim.http.message.response import Reply
from scim.immutable import immutable
from scim.mount import MOUNT, parted, tenant_in
from scim.principal import Principal
from scim.service.messages import Precondition

ANSWER_WITHIN = 25.0
"""Seconds after the request reached the gateway, which waits for 29."""
_SPARE = 1.0
"""Seconds a function keeps for writing its answer before Lambda stops it."""

TimeLeft = Callable[[], float]
"""Returns the seconds left, below 0 when the answer is due."""


def time_left(event: Mapping[str, Any], context: Any) -> TimeLeft:
    """Return a watch for this invocation.

    A cold start and the authorizer count: the gateway's clock runs since the request came in.
    """
    came = (event.get("requestContext") or {}).get("requestTimeEpoch")
    waited = time.time() - came / 1000 if isinstance(came, int) else 0.0
    if not 0 <= waited < ANSWER_WITHIN:  # not plausible
        waited = 0.0
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    allowed = remaining() / 1000 - _SPARE if callable(remaining) else ANSWER_WITHIN
    ends = time.monotonic() + min(ANSWER_WITHIN - waited, allowed)
    return lambda: ends - time.monotonic()


_MEANT_EMPTY = frozenset({"cursor"})
"""Parameters that say something without a value (RFC 9865 section 2: the first page)."""

_USUAL = ("", MOUNT, "")
"""What is said of a path without a mount."""

Route = Callable[..., Reply]
"""Takes the request and the path's parameters by name."""


def _unbounded() -> float:
    return ANSWER_WITHIN


@immutable
class Request:
    """One HTTP request, decoded once.

    `query` and `headers` have lower-case names; of repeated parameters the values are
    joined by a comma, empty ones are left out but for the cursor; `base_url` ends in `/scim/v2`;
    `path_tenant` is the tenant the path names, if it names one; `time_left` is a watch.
    """

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    principal: Principal
    base_url: str
    path_tenant: str | None = None
    time_left: TimeLeft = field(default=_unbounded, compare=False)

    @property
    def precondition(self) -> Precondition:
        """Return the entity tags of If-Match and If-None-Match."""
        return Precondition(
            if_match=self.headers.get("if-match"),
            if_none_match=self.headers.get("if-none-match"),
        )


def request_of(
    event: Mapping[str, Any],
    configured_base_url: str,
    mounts: tuple[str, ...] = (MOUNT,),
    *,
    nobody: Principal | None = None,
    watch: TimeLeft = _unbounded,
) -> Request:
    """Read the event; without a tenant of the authorizer's, `nobody` calls or Unauthorized is raised.

    `watch` tells the seconds left for the answer.
    """
    context = event.get("requestContext") or {}
    return Request(
        event.get("httpMethod", "").upper(),
        _query(event),
        headers_of(event),
        _body(event),
        _principal(context, nobody),
        _base_url(event, context, configured_base_url, mounts),
        tenant_in(event, mounts),
        watch,
    )


def vouched_request(event: Mapping[str, Any]) -> Request:
    """Read the event of a caller that the gateway itself vouches for: no tenant's, of no scopes."""
    return Request(
        method=str(event.get("httpMethod", "")).upper(),
        query=_query(event),
        headers=headers_of(event),
        body=_body(event),
        principal=Principal("", ""),
        base_url="",
    )


def names_asked(query: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a URL asks to be shown of a resource, and what not (RFC 7644 section 3.9)."""
    if "attributes" not in query and "excludedattributes" not in query:
        return (), ()
    return names_in(query.get("attributes")), names_in(query.get("excludedattributes"))


def names_in(value: list[str] | str | None) -> tuple[str, ...]:
    """Return the attribute names of a comma-separated list or an array, which may hold such lists.

    A comma in the brackets of a filter parts nothing.
    """
    if not value:
        return ()
    texts = [value] if isinstance(value, str) else value
    parts = (part for text in texts for part in _names_parted(text))
    return tuple(name for part in parts if (name := part.strip()))


def _names_parted(text: str) -> list[str]:
    if "[" not in text:
        return text.split(",")
    cuts, is_inside, is_quoted, is_escaped = [-1], False, False, False
    for position, character in enumerate(text):
        if is_quoted:
            is_quoted = is_escaped or character != '"'
            is_escaped = character == "\\" and not is_escaped
        elif is_inside:
            is_quoted, is_inside = character == '"', character != "]"
        elif character == ",":
            cuts.append(position)
        else:
            is_inside = character == "["
    return [text[a + 1 : b] for a, b in pairwise([*cuts, len(text)])]


def unknown_caller() -> Unauthorized:
    """Return the refusal for a request whose authorizer left no tenant in it."""
    return Unauthorized("The Authorization header holds no valid credentials.")


def _query(event: Mapping[str, Any]) -> dict[str, str]:
    several = event.get("multiValueQueryStringParameters") or {}
    single = event.get("queryStringParameters") or {}
    if not several and not single:
        return {}
    values = several or {name: [value] for name, value in single.items()}
    joined = {
        name.lower(): ",".join(value for value in given if value)
        for name, given in values.items()
        if given
    }
    return {name: value for name, value in joined.items() if value or name in _MEANT_EMPTY}


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of an event, their names in lower case."""
    headers = event.get("headers") or {}
    # A gateway adds two dozen of its own to each request: no comprehension steps through them.
    return dict(zip(map(str.lower, headers), map(str, headers.values()), strict=True))


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body")
    if body is None:
        return b""
    if not event.get("isBase64Encoded"):
        try:
            return str(body).encode()
        except UnicodeEncodeError as error:
            raise InvalidSyntax("The body is not valid UTF-8.") from error
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise InvalidSyntax("The body is not valid base64.") from error


def _principal(context: Mapping[str, Any], nobody: Principal | None) -> Principal:
    address = (context.get("identity") or {}).get("sourceIp") or ""
    request_id = context.get("requestId") or ""
    principal = Principal.from_context(context.get("authorizer") or {}, address, request_id)
    if principal is None and nobody is not None:
        principal = replace(nobody, address=address, request_id=request_id)
    if principal is None:
        raise unknown_caller()
    return principal


def _base_url(
    event: Mapping[str, Any],
    context: Mapping[str, Any],
    configured: str,
    mounts: tuple[str, ...],
) -> str:
    """Return the configured base or the gateway's own; never what a Host header says.

    The context's path begins with the stage, the event's does not; what stands before the
    mount there is a tenant, or the base path of a custom domain, which is configured.
    """
    if configured:
        base = configured.rstrip("/")
        before, mount, _ = parted(str(event.get("path") or ""), mounts) or _USUAL
        own = before[before.rfind("/") :] if before else ""
        return f"{base}{'' if base.endswith(own) else own}{mount}"
    before, mount, _ = parted(str(context.get("path") or event.get("path") or ""), mounts) or _USUAL
    return f"https://{context.get('domainName', '')}{before}{mount}"
