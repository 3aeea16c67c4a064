"""Log lines: a request's line has the format of Powertools' Logger but does not import Powertools."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from scim.compact import encode_by
from scim.immutable import REMEMBERED
from scim.service.metrics import OPERATION, SERVICE, TENANT, of_request, write

_SHOWN = frozenset({"", "NOTSET", "DEBUG", "INFO"})


_encode = encode_by(str, ", ", ": ")


class Repeated(NamedTuple):
    """The part that is the same in each log line of a caller and route, as members and as text."""

    members: Mapping[str, object]
    text: str


@lru_cache(maxsize=REMEMBERED)
def repeated(
    method: str | None,
    route: str | None,
    rule: str,
    tenant: str | None,
    token: str | None,
    profile: str | None,
    client: str,
) -> Repeated:
    """Return the part that is the same in each log line of a caller and route, so that it is encoded once.

    `profile` is omitted if there is none; `client` is the kind that `client_kind` returns.
    """
    members = {
        "method": method,
        "route": route,
        "operation": f"{method} {rule}",
        "tenant": tenant,
        "token": token,
        **({"profile": profile} if profile else {}),
        "client": client,
    }
    return Repeated(members, _encode(members)[1:-1])


class RequestLine(NamedTuple):
    """The log line of a request: the part shared with other requests, and the request's own."""

    repeated: Repeated
    own: Mapping[str, object]

    @property
    def members(self) -> Mapping[str, object]:
        """All members of the line."""
        return {**self.repeated.members, **self.own}

    @property
    def shown_members(self) -> Mapping[str, object]:
        """The members that the tenant may read, without the calls of AWS that failed."""
        members = self.members
        reasons = {
            name: _without_cause(members[name])
            for name in ("refused", "refusedOperations")
            if name in members
        }
        return {**members, **reasons} if reasons else members


def _without_cause(reason: object) -> object:
    match reason:
        case Mapping():
            members = ((name, value) for name, value in reason.items() if name != "cause")
            return {name: _without_cause(value) for name, value in members}
        case list():
            return [_without_cause(element) for element in reason]
        case _:
            return reason


@dataclass(frozen=True, slots=True)
class RequestLines:
    """Writes one line for each request; only its metrics if the level of the log is above INFO.

    `trace` returns the trace ID of the invocation, empty for none. If `measured_by` names
    dimensions, each request is also a metric with these dimensions.
    """

    service: str = "service_undefined"
    level: str = "INFO"
    trace: Callable[[], str] = str
    measured_by: Sequence[Sequence[str]] = ()

    def write(self, line: RequestLine, status: int) -> None:
        """Write the line of a request whose response had this status."""
        if self.level.upper() not in _SHOWN:
            if self.measured_by:
                self._count(line, status)
            return
        now = time.time()
        second = int(now)
        at = f"{_second(second)},{int((now - second) * 1000):03}+0000"
        own = line.own
        if self.measured_by:
            own = {**own, **of_request(status, self.measured_by)}
        trace = self.trace()
        if trace:
            own = {**own, "xray_trace_id": trace}
        sys.stdout.write(
            f'{{"level": "INFO", "message": "request", "timestamp": "{at}", "service": {quoted(self.service)}, '
            f"{line.repeated.text}, {_encode(own)[1:]}\n"
        )

    def _count(self, line: RequestLine, status: int) -> None:
        known = line.members
        measured = {name: known[name] for name in (OPERATION, TENANT, "milliseconds")}
        write({SERVICE: self.service, **measured, **of_request(status, self.measured_by)})


@lru_cache(maxsize=2)
def _second(since_1970: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(since_1970))


_KINDS = (
    ("okta", "okta"),
    ("azure", "entra"),
    ("microsoft", "entra"),
    ("onelogin", "onelogin"),
    ("google", "google"),
    ("jumpcloud", "jumpcloud"),
    ("ping", "ping"),
    ("keycloak", "keycloak"),
    ("authentik", "authentik"),
    ("rippling", "rippling"),
    ("oracle", "oracle"),
    ("sailpoint", "sailpoint"),
    ("curl", "curl"),
    ("python", "python"),
    ("java", "java"),
    ("okhttp", "java"),
    ("go-http-client", "go"),
    ("node", "node"),
    ("axios", "node"),
    ("mozilla", "browser"),
)
"""A part of a User-Agent and the kind of client that it identifies; the first match counts."""


@lru_cache(maxsize=256)
def client_kind(agent: str) -> str:
    """Return the kind of client that a User-Agent identifies: `none` if it is empty, `other` if unknown.

    The kind is always one of these fixed words, so no text from the client enters the log.
    """
    if not agent:
        return "none"
    return next((kind for part, kind in _KINDS if part in agent.lower()), "other")
