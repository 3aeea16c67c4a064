"""The daily check of tenants: tokens that expire soon, and clients that have fallen silent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.moments import later
from scim.service.metrics import SERVICE, embedded, write

logger = Logger()


class WatchedTenant(Protocol):
    """The settings of a tenant."""

    @property
    def name(self) -> str: ...
    @property
    def suspended_at(self) -> str | None: ...


class WatchedToken(Protocol):
    """What is known of a token; times are RFC 3339 in UTC."""

    @property
    def token_id(self) -> str: ...
    @property
    def created_at(self) -> str: ...
    @property
    def expires_at(self) -> str: ...
    @property
    def used_at(self) -> str | None: ...
    def is_valid(self, now: str) -> bool: ...


TokensOf = Callable[[str], Iterable[WatchedToken]]
"""Returns the tokens of a tenant."""

Watcher = Callable[[Mapping[str, Any], Any], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Patience:
    """The days before its end in which a token is reported, and the days without a request after which a tenant is."""

    ending: int = 30
    silent: int = 7


def watcher(
    tenants: Callable[[], Iterable[WatchedTenant]],
    tokens_of: TokensOf,
    now: Callable[[], str],
    patience: Patience,
) -> Watcher:
    """Return the Lambda handler of the schedule.

    It reports each finding in a log line, and the metrics TokensExpiring and TenantsSilent.
    """

    def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        moment = now()
        soon = later(moment, timedelta(days=patience.ending))
        long_ago = later(moment, timedelta(days=-patience.silent))
        ending, silent = 0, 0
        for tenant in tenants():
            if tenant.suspended_at is not None:
                continue
            valid_tokens = [token for token in tokens_of(tenant.name) if token.is_valid(moment)]
            for token in _ending(valid_tokens, soon):
                ending += 1
                fields = {"tenant": tenant.name, "token": token.token_id}
                logger.warning("token ends soon", extra={**fields, "expires": token.expires_at})
            if _are_silent(valid_tokens, long_ago):
                silent += 1
                logger.warning("tenant is silent", extra={"tenant": tenant.name})
        metrics: dict[str, object] = {"TokensExpiring": ending, "TenantsSilent": silent}
        embedded_metrics = embedded(dict.fromkeys(metrics, "Count"), ((SERVICE,),))
        write({**embedded_metrics, SERVICE: logger.service, **metrics})
        return metrics

    return handler


def _ending(tokens: Sequence[WatchedToken], soon: str) -> Sequence[WatchedToken]:
    """Return the tokens of a tenant that expire soon, none if it already uses one that expires later."""
    if any(token.expires_at > soon and token.used_at is not None for token in tokens):
        return ()
    return [token for token in tokens if token.expires_at <= soon]


def _are_silent(tokens: Sequence[WatchedToken], long_ago: str) -> bool:
    """Tell whether there are tokens, and each was last used (or created, if unused) long ago."""
    return bool(tokens) and all((token.used_at or token.created_at) < long_ago for token in tokens)
