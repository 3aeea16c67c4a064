"""Tokens of a setup portal while an operator changes them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from scim.access.tenant import Tenant
from scim.bootstrap.access import Access, access_in
from scim.errors import Conflict, NotFound
from scim.http.console.setup.tokens import PortalTokens
from scim.store.access.tokens import Tokens
from tests.contract.stores import moto_client, new_table

NOW = "2026-03-01T10:00:00.000Z"


@pytest.fixture(name="access")
def _access() -> Iterator[Access]:
    with moto_client() as client:
        access = access_in(client, new_table(client))
        access.tenants.create(Tenant("acme", NOW))
        yield access


def test_a_rotation_in_the_portal_does_not_undo_a_revocation(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = PortalTokens(access.tokens, access.tenants)
    made = str(portal.make("acme", NOW, None)["id"])
    (token_hash,) = access.tokens.of_tenant("acme")
    reading: Callable[..., Any] = Tokens.of_tenant

    def revoked_behind(tokens: Tokens, tenant: str) -> Any:
        found = reading(tokens, tenant)
        tokens.revoke(token_hash, NOW)
        return found

    monkeypatch.setattr(Tokens, "of_tenant", revoked_behind)
    with pytest.raises(Conflict):
        portal.rotate("acme", made, NOW, None, None)
    (known,) = reading(access.tokens, "acme").values()
    assert known.revoked_at == NOW


@pytest.mark.parametrize("store", ["save", "rotate"])
def test_a_token_that_is_stored_after_its_tenant_was_deleted_opens_nothing(
    access: Access, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    portal = PortalTokens(access.tokens, access.tenants)
    made = str(portal.make("acme", NOW, None)["id"])
    ask = {
        "save": partial(portal.make, "acme", NOW, None),
        "rotate": partial(portal.rotate, "acme", made, NOW, None, None),
    }
    storing: Callable[..., None] = getattr(Tokens, store)

    def stored_later(tokens: Tokens, *given: Any) -> None:
        access.tenants.remove("acme")
        storing(tokens, *given)

    monkeypatch.setattr(Tokens, store, stored_later)
    with pytest.raises(NotFound):
        ask[store]()
    tokens = access.tokens.of_tenant("acme").values()
    (stored,) = [token for token in tokens if token.token_id != made]
    assert stored.revoked_at == NOW
