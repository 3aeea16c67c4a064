"""The demo tenant can be called at once."""

import boto3

from local.seed import TENANT, TOKEN
from scim.store.tokens import find, hash_of


def test_the_demo_token_is_the_demo_tenants(gateway):
    token = find(boto3.client("dynamodb"), gateway.store.tables["Table"], hash_of(TOKEN))
    assert token is not None
    assert token.tenant == TENANT
    assert token.scopes == ("*",)
