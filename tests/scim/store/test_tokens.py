"""A token is stored as its hash, and found by it."""

from typing import TYPE_CHECKING

import pytest

from local.fsck import violations
from scim.store.tokens import Token, find, hash_of, minted, save

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOKEN = Token("t1", "acme", ("users:view",), "Okta", "2026-01-01", "2027-01-01")
REVOKED = Token("t1", "acme", (), "", "2026-01-01", "2027-01-01", "2026-02-01", "2026-03-01")


def test_an_unknown_token_is_not_found(client: "DynamoDBClient", table_name: str) -> None:
    assert find(client, table_name, hash_of("x")) is None


@pytest.mark.parametrize("token", [TOKEN, REVOKED], ids=["valid", "revoked"])
def test_a_saved_token_is_found(client: "DynamoDBClient", table_name: str, token: Token) -> None:
    save(client, table_name, hash_of("x"), token)
    assert find(client, table_name, hash_of("x")) == token


def test_the_secret_is_nowhere(client: "DynamoDBClient", table_name: str) -> None:
    secret = minted("t1")
    save(client, table_name, hash_of(secret), TOKEN)
    items = client.scan(TableName=table_name)["Items"]
    assert secret not in str(items)
    assert violations(items) == []


def test_tokens_are_long_and_never_the_same() -> None:
    made = {minted("t1") for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) >= len("scim_t1_") + 43 for secret in made)
