"""The demo tenant can be called at once, and keeps what becomes of it."""

from dataclasses import replace

import boto3

from local.seed import TENANT, TOKEN, seed
from scim.store.opening import Access, access_in
from scim.store.tokens import hash_of


def _access(gateway) -> Access:
    return access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])


def test_the_demo_token_is_the_demo_tenants(gateway):
    token = _access(gateway).tokens.find(hash_of(TOKEN))
    assert token is not None
    assert token.tenant == TENANT
    assert token.scopes == ("*",)


def test_a_second_start_does_not_undo_a_revocation(gateway):
    access = _access(gateway)
    token = access.tokens.find(hash_of(TOKEN))
    assert token is not None
    access.tokens.save(hash_of(TOKEN), replace(token, revoked_at="2026-02-01T00:00:00.000Z"))
    seed(gateway.store)
    kept = access.tokens.find(hash_of(TOKEN))
    assert kept is not None
    assert kept.revoked_at == "2026-02-01T00:00:00.000Z"
