"""How a tenant is, in one word: the first that holds."""

from dataclasses import replace
from typing import Any

import pytest

from scim.access.breaker import BreakerState
from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.http.console.operator.overview import state_of

SOON, LONG_AGO = "2026-04-01T00:00:00.000Z", "2026-02-20T00:00:00.000Z"
TENANT = Tenant("acme", "2026-01-01T00:00:00.000Z")
USED = "2026-02-28T00:00:00.000Z"
TOKEN = StoredToken(
    "abc", "acme", ("*",), "", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z", used_at=USED
)
CLOSED = BreakerState("acme")
SERVED, REFUSED = {"status": 200}, {"status": 400}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({}, "healthy", id="in use"),
        pytest.param({"tenant": replace(TENANT, suspended_at=USED)}, "suspended", id="suspended"),
        pytest.param({"breaker": replace(CLOSED, opened_at=USED)}, "stopped", id="breaker open"),
        pytest.param({"valid": []}, "closed", id="no valid token"),
        pytest.param({"valid": [replace(TOKEN, used_at=None)]}, "never", id="never used"),
        pytest.param({"last": [REFUSED, REFUSED, SERVED]}, "failing", id="mostly refused"),
        pytest.param({"last": [REFUSED, SERVED]}, "healthy", id="half of them refused"),
        pytest.param({"valid": [replace(TOKEN, used_at="2026-01-05")]}, "silent", id="long ago"),
        pytest.param({"valid": [replace(TOKEN, expires_at=SOON)]}, "ending", id="ends soon"),
        pytest.param(
            {"valid": [replace(TOKEN, expires_at=SOON), TOKEN]}, "healthy", id="another goes on"
        ),
    ],
)
def test_a_tenant_is_in_the_first_state_that_holds(changes: dict[str, Any], state: str) -> None:
    usual: dict[str, Any] = {"tenant": TENANT, "valid": [TOKEN], "breaker": CLOSED, "last": []}
    assert state_of(**{**usual, **changes}, bounds=(SOON, LONG_AGO)) == state
