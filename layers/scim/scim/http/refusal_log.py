"""Counts refusals of tenants' clients for the audit, with a bounded number of writes for any number of requests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from scim.http.message.preference import DRY_RUN, is_preferred
from scim.http.message.request import headers_of
from scim.moments import time_text
from scim.resource.history.refusal import Refusal

EVERY = 60
"""Seconds between two writes of the same kind of refusal by an instance; it counts in between."""
MOST_WRITES = 20
"""Writes of one instance in `EVERY` seconds; a later write counts the refusals beyond them."""
MOST_KINDS = 500
"""Kinds of refusals that an instance counts separately; it counts others without their rule."""
_ALWAYS = frozenset({401, 403, 429})
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LOOKS = (".search", ".deltaToken", ".delta")


class Refusals(Protocol):
    """The stored refusals of all tenants' clients."""

    def note(self, tenant: str, refusal: Refusal) -> None:
        """Count refusals."""


@dataclass(slots=True)
class RefusalLog:
    """Records refusals when their responses are ready; `later` defers the write.

    `now` returns seconds since 1970. An instance that ends loses the counts that it has not
    written, so a stored count is a lower bound.
    """

    only_refusals: ClassVar[bool] = True

    refusals: Refusals
    later: Callable[[Callable[[], None]], None]
    now: Callable[[], float]
    _counted: dict[tuple[str, str], int] = field(default_factory=dict)
    _written: dict[tuple[str, str], float] = field(default_factory=dict)
    _window: int = 0
    _writes: int = 0

    def note(self, event: Mapping[str, Any], line: Mapping[str, Any], *_: object) -> None:
        """Count a refused request; `line` are the members of its log line."""
        tenant, status = str(line.get("tenant") or ""), int(line["status"])
        if not tenant or not _is_of_interest(str(line.get("method")), status, line):
            return
        if status not in _ALWAYS and is_preferred(headers_of(event), DRY_RUN):
            return  # a dry run stores nothing
        now = self.now()
        refusal = _refusal(event, line, now)
        key = tenant, _kind(refusal)
        if key not in self._counted and len(self._counted) >= MOST_KINDS:
            refusal = Refusal(
                refusal.since, refusal.at, 1, "", status, refusal.token, refusal.owner
            )
            key = tenant, _kind(refusal)
        count = self._counted[key] = self._counted.get(key, 0) + 1
        if now - self._written.get(key, 0.0) < EVERY or not self._may_write(now):
            return
        self._counted[key], self._written[key] = 0, now
        counted = _with_count(refusal, count)
        self.later(lambda: self.refusals.note(tenant, counted))

    def _may_write(self, now: float) -> bool:
        window = int(now // EVERY)
        if window != self._window:
            self._window, self._writes = window, 0
            # Forget the kinds that were written long ago and have not occurred since.
            self._written = {k: at for k, at in self._written.items() if now - at < EVERY}
            self._counted = {k: n for k, n in self._counted.items() if n or k in self._written}
        self._writes += 1
        return self._writes <= MOST_WRITES


def _is_of_interest(method: str, status: int, line: Mapping[str, Any]) -> bool:
    """Return whether a refusal belongs in the audit: a missing permission, or a refused change."""
    is_refused = 400 <= status < 500
    is_look = str(line.get("operation")).endswith(_LOOKS)
    return is_refused and (status in _ALWAYS or (method in _WRITING and not is_look))


def _refusal(event: Mapping[str, Any], line: Mapping[str, Any], now: float) -> Refusal:
    context = event.get("requestContext") or {}
    authorizer, identity = context.get("authorizer") or {}, context.get("identity") or {}
    moment = datetime.fromtimestamp(now, UTC)
    return Refusal(
        since=time_text(moment.replace(minute=0, second=0, microsecond=0)),
        at=time_text(moment),
        count=1,
        operation=str(line.get("operation") or ""),
        status=int(line["status"]),
        token=str(line.get("token") or ""),
        owner=str(authorizer.get("owner") or ""),
        client=str(line.get("client") or ""),
        address=str(identity.get("sourceIp") or ""),
        why=line.get("refused") or {},
    )


def _kind(refusal: Refusal) -> str:
    """Return, as one text, what refusals have in common that are counted together."""
    alike = (refusal.since, refusal.operation, refusal.status, refusal.token, refusal.why)
    return json.dumps(alike, sort_keys=True, default=str)


def _with_count(refusal: Refusal, count: int) -> Refusal:
    held = {name: getattr(refusal, name) for name in refusal.__slots__}
    return Refusal(**{**held, "count": count})
