"""The state of tenants: whether their identity providers call, succeed, and have a token that lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.moments import later
from scim.resource.history.refusal import Refusal
from scim.service.administration.ports import Administration, OperationResult, Thresholds
from scim.service.administration.requests import Paged

RECENT = 100
"""How many kinds of refusals are read for a tenant, the newest first."""


class TenantState(StrEnum):
    """The most important thing to know about a tenant: the first that applies."""

    SUSPENDED = "suspended"
    BREAKER_OPEN = "breaker-open"
    FAILING = "failing"
    NO_TOKEN = "no-token"  # noqa: S105 - no secret
    NEVER = "never"
    SILENT = "silent"
    TOKEN_EXPIRES = "token-expires"  # noqa: S105 - no secret
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored of a tenant: its tokens and refusals, whether its breaker is open, and whether
    clients or issuers give it access tokens.
    """

    tokens: Sequence[StoredToken] = ()
    refusals: Sequence[Refusal] = ()
    is_breaker_open: bool = False
    has_access_tokens: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """A tenant's state and the facts behind it; times are RFC 3339, empty for never.

    `valid` counts its valid tokens; `expires_at` is when the last of them expires; `refused` is a
    lower bound of the refusals in this hour and the one before.
    """

    tenant: str
    state: TenantState
    valid: int
    used_at: str
    expires_at: str
    refused: int


def observed(tenant: Tenant, facts: Facts, now: str, thresholds: Thresholds) -> Observed:
    """Return a tenant's state. Use of tokens is recorded once an hour, use of access tokens is not."""
    valid_tokens = [token for token in facts.tokens if token.is_valid(now)]
    used_at = max((token.used_at or "" for token in facts.tokens), default="")
    expires_at = max((token.expires_at for token in valid_tokens), default="")
    hour_ago = later(now, timedelta(hours=-1))
    refused = sum(refusal.count for refusal in facts.refusals if refusal.at >= hour_ago)
    long_ago = later(now, timedelta(hours=-thresholds.silent_hours))
    soon = later(now, timedelta(days=thresholds.ending_days))
    states = (
        (TenantState.SUSPENDED, tenant.suspended_at is not None),
        (TenantState.BREAKER_OPEN, facts.is_breaker_open),
        (TenantState.FAILING, refused >= thresholds.refusals),
        (TenantState.NO_TOKEN, not valid_tokens and not facts.has_access_tokens),
        (TenantState.NEVER, not used_at),
        (TenantState.SILENT, used_at < long_ago),
        (TenantState.TOKEN_EXPIRES, bool(valid_tokens) and expires_at < soon),
        (TenantState.HEALTHY, True),
    )
    state = next(state for state, applies in states if applies)
    return Observed(tenant.name, state, len(valid_tokens), used_at, expires_at, refused)


def show_status(administration: Administration, request: Paged) -> OperationResult:
    """Show the state of each tenant, a page at a time, sorted by name."""
    names = [name for name in administration.tenants.names() if name > request.after]
    page = names[: request.count]
    tenants = (tenant for name in page if (tenant := administration.tenants.find(name)) is not None)
    items = [_row(tenant, _observed(administration, tenant)) for tenant in tenants]
    return OperationResult(
        {"items": items, **({"next": page[-1]} if len(names) > len(page) else {})}
    )


def _observed(administration: Administration, tenant: Tenant) -> Observed:
    name, now = tenant.name, administration.clock.now()
    facts = Facts(
        list(administration.tokens.of_tenant(name).values()),
        [refusal for _, refusal in administration.trail.refusals.older(name, "~", RECENT)],
        bool(administration.breaker.state(name).opened_at),
        any(not client.revoked_at for client in administration.clients.of_tenant(name))
        or bool(administration.issuers.of_tenant(name)),
    )
    return observed(tenant, facts, now, administration.thresholds)


def _row(tenant: Tenant, observed_state: Observed) -> dict[str, object]:
    return {
        "tenant": observed_state.tenant,
        "state": str(observed_state.state),
        "profile": tenant.profile,
        "tokens": observed_state.valid,
        "used_at": observed_state.used_at or None,
        "expires_at": observed_state.expires_at or None,
        "refused": observed_state.refused,
    }
