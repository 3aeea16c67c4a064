"""The demo tenant can be called at once, and a restart does not undo changes to it."""

from dataclasses import replace

import boto3
import pytest

from local.seed import SUBJECT, TENANT, TOKEN, seed, token_of
from scim.access.token import hash_of
from scim.bootstrap.access import Access, access_in


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


def test_the_token_of_each_profile_names_a_user_so_that_me_works(gateway):
    tokens = _access(gateway).tokens
    known = {name: tokens.find(hash_of(token_of(name))) for name in (TENANT, "rfc")}
    subjects = {name: each.subject for name, each in known.items() if each is not None}
    assert subjects == {TENANT: None, "rfc": SUBJECT}


@pytest.mark.parametrize(
    ("tenant", "schemes"),
    [
        (TENANT, ("bearer", "bare")),
        ("okta", ("bearer", "bare")),
        ("ownidp", ("token",)),
        ("wso2", ("bearer", "basic")),
    ],
)
def test_a_tenant_takes_tokens_as_a_deployed_one_does(gateway, tenant, schemes):
    found = _access(gateway).tenants.find(tenant)
    assert found is not None
    assert found.schemes == schemes
