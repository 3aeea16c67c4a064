"""Counts refusals of tenants' clients for the audit, with a bounded number of writes for any number of requests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

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
_READING_POSTS = (".search", ".deltaToken", ".delta")


class Refusals(Protocol):
    """The stored refusals of all tenants' clients."""

    def note(self, tenant: str, refusal: Refusal) -> None:
        """Count refusals."""


@dataclass(slots=True)
class _Kind:
    """Refusals that are counted together: the last of them, those not yet written, the last write."""

    last: Refusal
    count: int = 0
    written: float = 0.0


@dataclass(slots=True)
class RefusalLog:
    """Records refusals when their responses are ready; `later` defers the write.

    `now` returns seconds since 1970. An instance that ends loses the counts that it has not
    written, so a stored count is a lower bound. While it has some, it is notified of every request,
    and writes them with the first that is late enough.
    """

    refusals: Refusals
    later: Callable[[Callable[[], None]], None]
    now: Callable[[], float]
    only_refusals: bool = True
    """Whether no count waits to be written; an attribute, so that usual requests do not enter this module."""
    _kinds: dict[tuple[str, str], _Kind] = field(default_factory=dict)
    _due: float = 0.0
    _window: int = 0
    _writes: int = 0

    def note(self, event: Mapping[str, Any], line: Mapping[str, Any], *_: object) -> None:
        """Count a request if it is refused; `line` are the members of its log line."""
        tenant, status = str(line.get("tenant") or ""), int(line["status"])
        now = self.now()
        is_counted = bool(tenant) and _is_of_interest(str(line.get("method")), status, line)
        # Most requests are not refused, and only a refusal's headers matter.
        if is_counted and (status in _ALWAYS or not is_preferred(headers_of(event), DRY_RUN)):
            self._count(tenant, _refusal(event, line, now), now)
        if not self.only_refusals and now >= self._due:
            self._write_due(now)

    def _count(self, tenant: str, refusal: Refusal, now: float) -> None:
        key = tenant, _kind(refusal)
        if key not in self._kinds and len(self._kinds) >= MOST_KINDS:
            refusal = replace(refusal, operation="", client="", address="", why={})
            key = tenant, _kind(refusal)
        kind = self._kinds.setdefault(key, _Kind(refusal))
        kind.last, kind.count = refusal, kind.count + 1
        due = max(kind.written + EVERY, self._earliest(now))
        self._due = due if self.only_refusals else min(due, self._due)
        self.only_refusals = False

    def _write_due(self, now: float) -> None:
        for (tenant, _), kind in self._kinds.items():
            if kind.count and now - kind.written >= EVERY and self._earliest(now) <= now:
                refusal = replace(kind.last, count=kind.count)
                kind.count, kind.written = 0, now
                self._writes += 1
                self.later(partial(self.refusals.note, tenant, refusal))
        due_times = [kind.written + EVERY for kind in self._kinds.values() if kind.count]
        self.only_refusals = not due_times
        if due_times:
            self._due = max(min(due_times), self._earliest(now))

    def _earliest(self, now: float) -> float:
        """Return when the next write is allowed; a new window forgets what was written long ago."""
        window = int(now // EVERY)
        if window != self._window:
            self._window, self._writes = window, 0
            self._kinds = {
                key: kind
                for key, kind in self._kinds.items()
                if kind.count or now - kind.written < EVERY
            }
        return now if self._writes < MOST_WRITES else float((window + 1) * EVERY)


def _is_of_interest(method: str, status: int, line: Mapping[str, Any]) -> bool:
    """Return whether a refusal belongs in the audit: a missing permission, or a refused change."""
    is_refused = 400 <= status < 500
    is_search = str(line.get("operation")).endswith(_READING_POSTS)
    return is_refused and (status in _ALWAYS or (method in _WRITING and not is_search))


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
    shared_values = (refusal.since, refusal.operation, refusal.status, refusal.token, refusal.why)
    return json.dumps(shared_values, sort_keys=True, default=str)
