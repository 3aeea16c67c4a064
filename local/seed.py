"""The demo tenant and its token."""

import boto3

from local.stores import Store
from scim.store.tokens import Token, hash_of, save

TENANT = "demo"
TOKEN = "local-demo-token"  # noqa: S105 - meant to be known


def seed(store: Store) -> None:
    """Put the demo tenant's token into the store."""
    token = Token(
        token_id="local-demo",  # noqa: S106 - an id, no secret
        tenant=TENANT,
        scopes=("*",),
        label="make run",
        created_at="2026-01-01T00:00:00.000Z",
        expires_at="9999-12-31T00:00:00.000Z",
    )
    for table_name in store.tables.values():
        save(boto3.client("dynamodb"), table_name, hash_of(TOKEN), token)
