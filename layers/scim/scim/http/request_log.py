"""The request log: the last requests of a tenant's clients and their outcome, with values as pseudonyms."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import unquote

from scim.access.requests_kept import RequestsKept
from scim.http.message.preference import DRY_RUN, is_preferred
from scim.http.message.request import headers_of

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation

_TRUTH_VALUES = ("true", "false")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\w.:~-])-?\d+(?:\.\d+)?(?![\w.:-])')
_OWN = "GET /Requests"
"""Reading the log is not logged."""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MADE_HERE = re.compile(rf"{_UUID}(?:[^0-9a-z]{_UUID})?")
"""An id that only the service makes: of a resource, or of a membership."""
_NAME = re.compile(r"[A-Za-z$][\w$:.-]*", re.ASCII)
"""The form of a name: a client that sends a map may put an address in the place of one."""
_ID = "{id}"
_REFUSED = 400
_MOST = 50
"""The most operations and names that are kept of one request."""
_LARGEST = 65_536
"""The most characters of a body that is kept."""

Pseudonym = Callable[[str], str]


class RequestLogs(Protocol):
    """The last requests of all tenants."""

    def pseudonym(self, tenant: str, value: str) -> str:
        """Return the pseudonym of a value; each tenant has its own pseudonyms."""

    def kept_of(self, tenant: str) -> RequestsKept:
        """Return the tenant's settings of the request log."""

    def keeps_bodies(self, tenant: str) -> bool:
        """Return whether the tenant's requests are currently kept with their bodies."""

    def note(self, tenant: str, entry: Mapping[str, object]) -> None:
        """Keep a request; it replaces the oldest."""

    def after(self, tenant: str, after: int, limit: int) -> Sequence[Mapping[str, object]]:
        """Return up to `limit` of the youngest requests with a number greater than `after`, in order."""


class AnsweredLog(Protocol):
    """Is notified of each request when its response is ready; its errors do not affect the request."""

    @property
    def only_refusals(self) -> bool:
        """Whether it is notified only of refused requests for now."""

    def note(
        self,
        event: Mapping[str, Any],
        line: Mapping[str, object],
        operations: "Sequence[PatchOperation]",
        cost: str,
    ) -> None:
        """Record a request; `line` are the members of its log line."""


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Records requests when their responses are ready; `later` defers the write."""

    only_refusals: ClassVar[bool] = False

    logs: RequestLogs
    later: Callable[[Callable[[], None]], None]

    def note(
        self,
        event: Mapping[str, Any],
        line: Mapping[str, object],
        operations: "Sequence[PatchOperation]",
        cost: str,
    ) -> None:
        """Keep a request; `line` are the members of its log line. Errors do not affect the request."""
        tenant = str(line.get("tenant") or "")
        if not tenant or line.get("operation") == _OWN:
            return

        def pseudonym(value: str) -> str:
            return self.logs.pseudonym(tenant, value)

        def keep() -> None:
            if not self.logs.kept_of(tenant).is_on:
                return
            entry = _entry(event, line, operations, cost, pseudonym)
            body = _body_in(event) if self.logs.keeps_bodies(tenant) else {}
            if body and len(str(event.get("body"))) <= _LARGEST:
                entry["body"] = pseudonymised(body, pseudonym)
            self.logs.note(tenant, entry)

        self.later(keep)


def _entry(
    event: Mapping[str, Any],
    line: Mapping[str, object],
    operations: "Sequence[PatchOperation]",
    cost: str,
    pseudonym: Pseudonym,
) -> dict[str, object]:
    from scim.filter.parsing.without_values import (  # noqa: PLC0415 - few tenants keep their requests
        with_values_replaced,
    )
    from scim.patch.operations_json import operations_json  # noqa: PLC0415 - as above

    query = event.get("queryStringParameters") or {}
    context = event.get("requestContext") or {}
    body = _body_in(event)
    entry = {
        "at": context.get("requestTimeEpoch"),
        **{name: line.get(name) for name in ("request", "operation", "status", "milliseconds")},
        "dryRun": is_preferred(headers_of(event), DRY_RUN),
        "resource": _resource(event, line, pseudonym),
        "token": line.get("token"),
        "client": line.get("client"),
        "filter": with_values_replaced(str(query.get("filter") or ""), pseudonym),
        "attributes": [_name(name, pseudonym) for name in sorted(body)[:_MOST]],
        "deactivates": str(body.get("active")).lower() == "false",
        "operations": [
            _pseudonymous(operation, pseudonym) for operation in operations_json(operations[:_MOST])
        ],
        "tolerated": line.get("tolerated"),
        "refused": line.get("refused"),
        "refusedOperations": line.get("refusedOperations"),
        "cost": cost,
    }
    return {name: value for name, value in entry.items() if value}


def _resource(event: Mapping[str, Any], line: Mapping[str, object], pseudonym: Pseudonym) -> str:
    """Return the id in a path, empty without one: a client may put a name where an id belongs."""
    segments = str(line.get("operation") or "").split("/")
    path_segments = str(event.get("path") or "").rstrip("/").split("/")
    if _ID not in segments or len(path_segments) < len(segments):
        return ""
    id_ = unquote(path_segments[segments.index(_ID) - len(segments)])
    is_known = int(str(line.get("status"))) < _REFUSED or _MADE_HERE.fullmatch(id_)
    return id_ if is_known else pseudonym(id_)


def _pseudonymous(operation: Mapping[str, object], pseudonym: Pseudonym) -> dict[str, object]:
    entry = dict(operation)
    if "path" in entry:
        path = str(entry["path"])
        entry["path"] = _LITERAL.sub(lambda literal: pseudonym(literal[0].strip('"')), path)
    if "value" in entry:
        entry["value"] = pseudonymised(entry["value"], pseudonym)
    return entry


def pseudonymised(value: object, pseudonym: Pseudonym) -> object:
    """Return JSON with the same names, booleans and nulls, and pseudonyms for all else."""
    match value:
        case None | bool():
            return value
        case str() if value.lower() in _TRUTH_VALUES:
            return value  # a boolean as Entra ID writes it
        case Mapping():
            return {
                _name(str(name), pseudonym): pseudonymised(member, pseudonym)
                for name, member in value.items()
            }
        case list() | tuple():
            return [pseudonymised(member, pseudonym) for member in value[:_MOST]]
        case _:
            return pseudonym(str(value))


def _name(text: str, pseudonym: Pseudonym) -> str:
    return text if _NAME.fullmatch(text) else pseudonym(text)


def _body_in(event: Mapping[str, Any]) -> Mapping[str, object]:
    """Return the body of a POST or PUT, empty if it is not an object."""
    if event.get("httpMethod") not in ("POST", "PUT") or event.get("isBase64Encoded"):
        return {}
    with suppress(ValueError, RecursionError):
        body = json.loads(str(event.get("body") or ""))
        return body if isinstance(body, dict) else {}
    return {}
