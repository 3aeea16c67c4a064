"""The state of each tenant in one word, from its tokens, its breaker and its last requests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from scim.access.breaker import BreakerState
from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.moments import later
from scim.service.administration.ports import Administration

LOOKED_AT = 20
"""The number of a tenant's last requests that are read."""
_REFUSED = 400


def overview(
    administration: Administration, after: str, most: int, silent: int, ending: int
) -> dict[str, Any]:
    """Return up to `most` tenants after the name `after`, each with its state.

    `next` is the name after which the next page begins, None on the last page. A tenant is silent
    after `silent` days without a request; a token is ending `ending` days before it expires.
    """
    known = [name for name in administration.tenants.names() if name > after]
    page, now = known[:most], administration.clock.now()
    soon, long_ago = later(now, timedelta(days=ending)), later(now, -timedelta(days=silent))
    found = []
    for name in page:
        tenant = administration.tenants.find(name)
        if tenant is None:
            continue
        tokens = list(administration.tokens.of_tenant(name).values())
        valid = [each for each in tokens if each.is_valid(now)]
        breaker = administration.breaker.state(name)
        last = _last(administration, name)
        state = state_of(tenant, valid, breaker, last, (soon, long_ago))
        used = max((each.used_at for each in tokens if each.used_at), default=None)
        ends = min((each.expires_at for each in valid), default=None)
        row = {"name": name, "profile": tenant.profile, "state": state}
        found.append({**row, "tokens": len(valid), "usedAt": used, "endsAt": ends})
    return {"items": found, "next": page[-1] if len(known) > len(page) else None}


def state_of(
    tenant: Tenant,
    valid: Sequence[StoredToken],
    breaker: BreakerState,
    last: Sequence[Mapping[str, Any]],
    bounds: tuple[str, str],
) -> str:
    """Return the first state that applies: suspended, stopped, closed, never, failing, silent,
    ending, healthy.

    `stopped` means by its breaker, `closed` without a valid token, `never` that no valid token was
    used, `failing` that more than half of the last requests were refused. `bounds` are two times: a
    token that expires before the first is ending, a tenant last seen before the second is silent.
    """
    soon, long_ago = bounds
    refused = sum(int(each.get("status") or 0) >= _REFUSED for each in last)
    holds: Iterable[tuple[str, bool]] = (
        ("suspended", tenant.suspended_at is not None),
        ("stopped", bool(breaker.opened_at)),
        ("closed", not valid),
        ("never", not any(each.used_at for each in valid)),
        ("failing", refused * 2 > len(last)),
        ("silent", all((each.used_at or each.created_at) < long_ago for each in valid)),
        ("ending", all(each.expires_at <= soon for each in valid)),
        ("healthy", True),
    )
    return next(name for name, is_so in holds if is_so)


def _last(administration: Administration, tenant: str) -> Sequence[Mapping[str, Any]]:
    if not administration.requests.most:
        return ()
    return administration.requests.after(tenant, 0, LOOKED_AT)
