"""The parts of an API Gateway proxy event that a use case needs (REST API, payload version 1)."""

import base64
import binascii
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from itertools import pairwise
from typing import Any

from scim.errors import InvalidSyntax, InvalidValue, Unauthorized
from scim.http.message.response import Reply
from scim.immutable import immutable
from scim.mount import MOUNT, split_at_mount, tenant_in
from scim.principal import Principal
from scim.service.messages import Precondition

ANSWER_WITHIN = 25.0
"""Seconds from the request's arrival at the gateway to the response; the gateway waits for 29."""
_SPARE = 1.0
"""Seconds that a function reserves for writing its response before Lambda stops it."""

TimeLeft = Callable[[], float]
"""Returns the seconds left; negative when the response is overdue."""


def time_left_of(event: Mapping[str, Any], context: Any) -> TimeLeft:
    """Return a watch for this invocation.

    A cold start and the authorizer count too: the gateway's clock starts when the request arrives.
    """
    arrived_at = (event.get("requestContext") or {}).get("requestTimeEpoch")
    seconds_waited = time.time() - arrived_at / 1000 if isinstance(arrived_at, int) else 0.0
    if not 0 <= seconds_waited < ANSWER_WITHIN:  # not plausible
        seconds_waited = 0.0
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    seconds_allowed = remaining() / 1000 - _SPARE if callable(remaining) else ANSWER_WITHIN
    deadline = time.monotonic() + min(ANSWER_WITHIN - seconds_waited, seconds_allowed)
    return lambda: deadline - time.monotonic()


_MEANT_EMPTY = frozenset({"cursor"})
"""Parameters whose empty value has a meaning (RFC 9865 section 2: the first page)."""

_LISTS = frozenset({"prefer", "if-match", "if-none-match"})
"""Headers that a client may send in several lines (RFC 7240 section 2, RFC 9110 section 5.3)."""

_NO_CHARACTER = "\ufffd"
"""What the gateway puts where the bytes of a body are not UTF-8."""
_NOT_UTF_8 = (
    "The body is not valid UTF-8, or contains the character U+FFFD, which stands for what is not."
    " Send UTF-8; where a value contains that character, correct the value or write \\ufffd."
)

_WHOLE = re.compile(r"\s*([+-]?)[0-9]+\s*", re.ASCII)

_USUAL = ("", MOUNT, "")
"""The parts of a path outside every mount."""

Route = Callable[..., Reply]
"""Takes the request and the path's parameters by name."""


def _unbounded() -> float:
    return ANSWER_WITHIN


@immutable
class Request:
    """One HTTP request, decoded once.

    `query` and `headers` have lower-case names. The values of a repeated parameter are joined by
    commas; empty parameters are omitted, except the cursor. `base_url` ends in `/scim/v2`;
    `path_tenant` is the tenant that the path names, if any; `time_left` is a watch.
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
    time_left: TimeLeft = _unbounded,
) -> Request:
    """Return the event as a request.

    If the authorizer names no tenant, `nobody` is the caller; raises Unauthorized if that is None.
    `time_left` returns the seconds left for the response.
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
        time_left,
    )


def vouched_request(event: Mapping[str, Any]) -> Request:
    """Return the event of a caller whom the gateway itself authenticated: without tenant or scopes."""
    return Request(
        method=str(event.get("httpMethod", "")).upper(),
        query=_query(event),
        headers=headers_of(event),
        body=_body(event),
        principal=Principal("", ""),
        base_url="",
    )


def has_filters(event: Mapping[str, Any]) -> bool:
    """Return whether the caller has filters: what a request reads outside them must not be told."""
    context = event.get("requestContext") or {}
    return bool((context.get("authorizer") or {}).get("filters"))


def names_asked(query: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names in `attributes` and in `excludedAttributes` of a URL (RFC 7644 section 3.9)."""
    if "attributes" not in query and "excludedattributes" not in query:
        return (), ()
    return names_in(query.get("attributes")), names_in(query.get("excludedattributes"))


def names_in(value: list[str] | str | None) -> tuple[str, ...]:
    """Return the attribute names in a comma-separated list, or in an array of names or such lists.

    A comma inside the brackets of a value filter does not separate names.
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


def whole_number(name: str, text: str) -> int:
    """Return the number in a text; raises InvalidValue, which names the parameter.

    A number of more digits than any parameter needs, and than Python may read, is only very large.
    """
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise InvalidValue(f"{name} must be a whole number.")
    return int(text) if len(text) <= 20 else int(f"{match[1]}{10**20}")


def unknown_caller() -> Unauthorized:
    """Return the refusal for a request in which the authorizer named no tenant."""
    return Unauthorized("The Authorization header holds no valid credentials.")


def _query(event: Mapping[str, Any]) -> dict[str, str]:
    several = event.get("multiValueQueryStringParameters") or {}
    single = event.get("queryStringParameters") or {}
    if not several and not single:
        return {}
    sent = several or {name: [value] for name, value in single.items()}
    joined = {
        name.lower(): ",".join(value for value in values if value)
        for name, values in sent.items()
        if values
    }
    return {name: value for name, value in joined.items() if value or name in _MEANT_EMPTY}


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of an event with names in lower case; the lines of a list are joined."""
    headers = event.get("headers") or {}
    # The gateway adds two dozen headers to each request; `map` is faster than a comprehension.
    headers_by_name = dict(zip(map(str.lower, headers), map(str, headers.values()), strict=True))
    # `headers` has only the last line of each.
    several = event.get("multiValueHeaders") or {}
    if max(map(len, several.values()), default=1) > 1:
        for name, lines in several.items():
            if name.lower() in _LISTS:
                headers_by_name[name.lower()] = ", ".join(lines)
    return headers_by_name


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body")
    if body is None:
        return b""
    if not event.get("isBase64Encoded"):
        if _NO_CHARACTER in body:
            raise InvalidSyntax(_NOT_UTF_8)
        try:
            return str(body).encode()
        except UnicodeEncodeError as error:
            raise InvalidSyntax(_NOT_UTF_8) from error
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
    """Return the configured base URL or the gateway's own; never the Host header's.

    The context's path begins with the stage, the event's path does not. In the event's path, the
    segment before the mount is a tenant, or the base path of a custom domain, which is configured.
    """
    if configured:
        base = configured.rstrip("/")
        before, mount, _ = split_at_mount(str(event.get("path") or ""), mounts) or _USUAL
        own = before[before.rfind("/") :] if before else ""
        return f"{base}{'' if base.endswith(own) else own}{mount}"
    before, mount, _ = (
        split_at_mount(str(context.get("path") or event.get("path") or ""), mounts) or _USUAL
    )
    return f"https://{context.get('domainName', '')}{before}{mount}"
