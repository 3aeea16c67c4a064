"""The state of a tenant."""

from dataclasses import replace
from typing import Any

import pytest

from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.resource.history.refusal import Refusal
from scim.service.administration.ports import Thresholds
from scim.service.administration.states import Facts, TenantState, observed
from tests.fakes.administered import administered

NOW = "2026-06-01T12:30:00.000Z"
HOUR = "2026-06-01T12:00:00.000Z"
TOKEN = StoredToken(
    "t1", "acme", ("*",), "", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z", used_at=HOUR
)
ENDING = replace(TOKEN, expires_at="2026-06-20T00:00:00.000Z")


def _refused(count: int, at: str = HOUR) -> Refusal:
    return Refusal(HOUR, at, count, "POST /Users", 400)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, "healthy"),
        ({"suspended_at": NOW, "is_breaker_open": True}, "suspended"),
        ({"is_breaker_open": True, "refusals": [_refused(20)]}, "breaker-open"),
        ({"tokens": []}, "no-token"),
        ({"tokens": [replace(TOKEN, revoked_at=NOW)]}, "no-token"),
        ({"tokens": [], "has_access_tokens": True}, "never"),
        ({"tokens": [replace(TOKEN, used_at=None)]}, "never"),
        ({"tokens": [replace(TOKEN, used_at="2026-05-25T12:29:00.000Z")]}, "silent"),
        ({"tokens": [replace(TOKEN, used_at="2026-05-25T12:31:00.000Z")]}, "healthy"),
        ({"tokens": [ENDING]}, "token-expires"),
        ({"tokens": [ENDING, replace(TOKEN, used_at=None)]}, "healthy"),
        ({"tokens": [ENDING, replace(TOKEN, revoked_at=NOW)]}, "token-expires"),
        ({"tokens": [replace(TOKEN, revoked_at=NOW)], "has_access_tokens": True}, "healthy"),
        ({"refusals": [_refused(19)]}, "healthy"),
        ({"refusals": [_refused(12), _refused(8)]}, "failing"),
        ({"tokens": [], "refusals": [_refused(20)]}, "failing"),
        ({"refusals": [_refused(90, "2026-06-01T11:00:00.000Z")]}, "healthy"),
    ],
    ids=str,
)
def test_a_tenant_is_in_the_first_state_that_applies(given: dict[str, Any], state: str) -> None:
    facts = {"tokens": [TOKEN], **given}
    tenant = Tenant("acme", HOUR, suspended_at=facts.pop("suspended_at", None))
    assert observed(tenant, Facts(**facts), NOW, Thresholds()).state == TenantState(state)


def test_the_state_follows_from_what_is_stored() -> None:
    with administered() as deployment:

        def state() -> str:
            (found,) = deployment.do("GET", "/status").body["items"]
            return f"{found['state']} {found['tokens']}"

        deployment.do("POST", "/tenants", name="acme")
        assert state() == "no-token 0"
        client = deployment.do("POST", "/tenants/acme/clients").body["client_id"]
        assert state() == "never 0"
        deployment.do("POST", f"/tenants/acme/clients/{client}/revoke")
        assert state() == "no-token 0"
        deployment.do("POST", "/tenants/acme/tokens")
        assert state() == "never 1"


def test_the_status_names_every_tenant() -> None:
    with administered() as deployment:
        for name in ("acme", "globex"):
            deployment.do("POST", "/tenants", name=name)
        deployment.do("POST", "/tenants/globex/suspend")
        first = deployment.do("GET", "/status", count=1).body
        rest = deployment.do("GET", "/status", after=first["next"]).body
    told = {each["tenant"]: each["state"] for each in (*first["items"], *rest["items"])}
    assert told == {"acme": "no-token", "globex": "suspended"}
