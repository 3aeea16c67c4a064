"""The state of tenants: whether their identity providers call, succeed, and have a token that lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.moments import later
from scim.resource.history.refusal import Refusal
from scim.service.administration.ports import Administration, Done, Thresholds
from scim.service.administration.requests import Paged

RECENT = 100
"""How many kinds of refusals are read for a tenant, the newest first."""


class TenantState(StrEnum):
    """The most important thing to know about a tenant."""

    SUSPENDED = "suspended"
    NEVER = "never"
    SILENT = "silent"
    FAILING = "failing"
    TOKEN_EXPIRES = "token-expires"  # noqa: S105 - no secret
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class Observed:
    """A tenant's state and the facts behind it; times are RFC 3339, empty for never.

    `expires_at` is when the last valid token expires; `refused` is a lower bound of the refusals in
    this hour and the one before.
    """

    tenant: str
    state: TenantState
    used_at: str
    expires_at: str
    refused: int


def observed(
    tenant: Tenant,
    tokens: Iterable[StoredToken],
    refusals: Iterable[Refusal],
    now: str,
    thresholds: Thresholds,
) -> Observed:
    """Return a tenant's state. Use of tokens is recorded once an hour, use of clients' tokens is not."""
    known = list(tokens)
    used_at = max((each.used_at or "" for each in known), default="")
    expires_at = max((each.expires_at for each in known if each.is_valid(now)), default="")
    hour_ago = later(now, timedelta(hours=-1))
    refused = sum(each.count for each in refusals if each.at >= hour_ago)
    silent = later(now, timedelta(hours=-thresholds.silent_hours))
    ends_soon = expires_at < later(now, timedelta(days=thresholds.ending_days))
    if tenant.suspended_at is not None:
        state = TenantState.SUSPENDED
    elif refused >= thresholds.refusals:
        state = TenantState.FAILING
    elif not used_at:
        state = TenantState.NEVER
    elif used_at < silent:
        state = TenantState.SILENT
    else:
        state = TenantState.TOKEN_EXPIRES if ends_soon else TenantState.HEALTHY
    return Observed(tenant.name, state, used_at, expires_at, refused)


def listed(administration: Administration, asked: Paged) -> Done:
    """Show the state of each tenant, a page at a time, sorted by name."""
    names = [name for name in administration.tenants.names() if name > asked.after]
    page = names[: asked.count]
    found = (each for name in page if (each := administration.tenants.find(name)) is not None)
    items = [_row(_observed(administration, each)) for each in found]
    return Done({"items": items, **({"next": page[-1]} if len(names) > len(page) else {})})


def _observed(administration: Administration, tenant: Tenant) -> Observed:
    refusals = administration.trail.refusals.older(tenant.name, "~", RECENT)
    tokens = administration.tokens.of_tenant(tenant.name).values()
    now = administration.clock.now()
    return observed(tenant, tokens, (each for _, each in refusals), now, administration.thresholds)


def _row(found: Observed) -> dict[str, object]:
    return {
        "tenant": found.tenant,
        "state": str(found.state),
        "used_at": found.used_at or None,
        "expires_at": found.expires_at or None,
        "refused": found.refused,
    }
