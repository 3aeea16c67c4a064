"""The demo tenant and its token."""

import boto3

from local.stores import Store
from scim.store.opening import access_in
from scim.store.tenants import SCHEMES, Known, Tenant
from scim.store.tokens import Token, hash_of

TENANT = "demo"
TOKEN = "local-demo-token"  # noqa: S105 - meant to be known


def seed(store: Store) -> None:
    """Put the demo tenant and its token into the store; what has become of them since, stays."""
    token = Token(
        token_id="local-demo",  # noqa: S106 - an id, no secret
        tenant=TENANT,
        scopes=("*",),
        label="make run",
        created_at="2026-01-01T00:00:00.000Z",
        expires_at="9999-12-31T00:00:00.000Z",
    )
    for table_name in store.tables.values():
        access = access_in(boto3.client("dynamodb"), table_name)
        try:
            access.tenants.create(Tenant(TENANT, token.created_at, schemes=SCHEMES))
        except Known:
            continue
        access.tokens.save(hash_of(TOKEN), token)
