"""The watch reports tokens that end soon and tenants that are silent, and counts them."""

import json
from dataclasses import dataclass

import pytest

from scim.workers.watch import Patience, watcher

NOW = "2026-03-01T10:00:00.000Z"
OLD, RECENT = "2026-01-01T00:00:00.000Z", "2026-02-28T00:00:00.000Z"
SOON, LATE = "2026-03-20T00:00:00.000Z", "2027-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Tenant:
    name: str = "acme"
    suspended_at: str | None = None


@dataclass(frozen=True)
class Token:
    expires_at: str = LATE
    used_at: str | None = RECENT
    created_at: str = OLD
    token_id: str = "t1"

    def is_valid(self, now: str) -> bool:
        return now < self.expires_at


@pytest.mark.parametrize(
    ("tokens", "expiring", "silent"),
    [
        pytest.param([], 0, 0, id="no token"),
        pytest.param([Token()], 0, 0, id="in use for long"),
        pytest.param([Token(SOON)], 1, 0, id="ends soon"),
        pytest.param([Token(SOON), Token(LATE)], 0, 0, id="has a successor in use"),
        pytest.param([Token(SOON), Token(LATE, used_at=None)], 1, 0, id="successor not yet used"),
        pytest.param([Token(OLD)], 0, 0, id="ended already"),
        pytest.param([Token(used_at=OLD)], 0, 1, id="silent"),
        pytest.param([Token(used_at=None)], 0, 1, id="never used"),
        pytest.param([Token(used_at=None, created_at=RECENT)], 0, 0, id="new"),
        pytest.param([Token(used_at=OLD), Token()], 0, 0, id="one of two is used"),
    ],
)
def test_expiring_tokens_and_silent_tenants_are_counted(
    tokens: list[Token], expiring: int, silent: int, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = watcher(lambda: [Tenant()], lambda _: tokens, lambda: NOW, Patience())
    assert handler({}, None) == {"TokensExpiring": expiring, "TenantsSilent": silent}
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["TokensExpiring"], line["TenantsSilent"]) == (expiring, silent)


def test_a_suspended_tenant_is_left_alone() -> None:
    handler = watcher(
        lambda: [Tenant(suspended_at=OLD)], lambda _: [Token(SOON)], lambda: NOW, Patience()
    )
    assert handler({}, None) == {"TokensExpiring": 0, "TenantsSilent": 0}
