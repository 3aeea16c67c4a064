"""A token is stored as its hash, found by it, and listed under its tenant."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import Access, access_in
from scim.fsck import violations
from scim.service.system import minted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOKEN = StoredToken("t1", "acme", ("users:view",), "Okta", "2026-01-01", "2027-01-01")
OTHER = replace(TOKEN, token_id="t2", created_at="2026-01-02")
FOREIGN = replace(TOKEN, token_id="t3", tenant="other")
FULL = StoredToken(
    token_id="t1",
    tenant="acme",
    scopes=(),
    label="",
    created_at="2026-01-01",
    expires_at="2027-01-01",
    not_before="2026-02-01",
    revoked_at="2026-03-01",
    subject="userName:anna",
    filters='{"User":"*"}',
    used_at="2026-02-02",
)


@pytest.fixture(name="access")
def _access(client: "DynamoDBClient", table_name: str) -> Access:
    return access_in(client, table_name)


def test_an_unknown_token_is_not_found(access: Access) -> None:
    assert access.tokens.find(hash_of("x")) is None


@pytest.mark.parametrize("token", [TOKEN, FULL], ids=["least", "everything"])
def test_a_saved_token_is_found(access: Access, token: StoredToken) -> None:
    access.tokens.save(hash_of("x"), token)
    assert access.tokens.find(hash_of("x")) == token


def test_only_the_tokens_of_the_tenant_are_listed_from_the_oldest(access: Access) -> None:
    assert access.tokens.of_tenant("acme") == {}
    for secret, token in (("b", OTHER), ("a", TOKEN), ("c", FOREIGN)):
        access.tokens.save(hash_of(secret), token)
    listed = access.tokens.of_tenant("acme")
    assert list(listed.items()) == [(hash_of("a"), TOKEN), (hash_of("b"), OTHER)]


def test_a_changed_token_is_listed_once(access: Access) -> None:
    access.tokens.save(hash_of("x"), TOKEN)
    access.tokens.save(hash_of("x"), replace(TOKEN, label="Entra"))
    assert [each.label for each in access.tokens.of_tenant("acme").values()] == ["Entra"]


def test_a_removed_token_is_neither_found_nor_listed(access: Access) -> None:
    access.tokens.save(hash_of("x"), TOKEN)
    access.tokens.remove({hash_of("x"): TOKEN})
    assert access.tokens.find(hash_of("x")) is None
    assert access.tokens.of_tenant("acme") == {}


def test_the_secret_is_not_stored(
    client: "DynamoDBClient", table_name: str, access: Access
) -> None:
    secret = minted("t1")
    access.tokens.save(hash_of(secret), TOKEN)
    items = client.scan(TableName=table_name)["Items"]
    assert len(items) == 2
    assert secret not in str(items)
    assert violations(items) == []


def test_tokens_are_long_and_never_the_same() -> None:
    made = {minted("t1") for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) >= len("scim_t1_") + 43 for secret in made)


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        (None, "2026-06-01T12:00:00.000Z", "2026-06-01T12:00:00.000Z"),
        ("2026-06-01T12:00:00.000Z", "2026-06-01T12:59:59.999Z", "2026-06-01T12:00:00.000Z"),
        ("2026-06-01T12:59:00.000Z", "2026-06-01T13:00:00.000Z", "2026-06-01T13:00:00.000Z"),
        ("2026-06-01T13:00:00.000Z", "2026-06-01T12:59:59.999Z", "2026-06-01T13:00:00.000Z"),
    ],
    ids=["first", "same hour", "next hour", "a clock that is behind"],
)
def test_use_is_noted_once_in_an_hour(
    access: Access, before: str | None, now: str, after: str
) -> None:
    token = replace(TOKEN, used_at=before)
    access.tokens.save(hash_of("x"), token)
    access.tokens.note_use(hash_of("x"), token, now)
    found = access.tokens.find(hash_of("x"))
    assert found is not None
    assert found.used_at == after


def test_noting_the_use_of_a_token_that_is_gone_does_not_bring_it_back(access: Access) -> None:
    access.tokens.note_use(hash_of("x"), TOKEN, "2026-06-01T12:00:00.000Z")
    assert access.tokens.find(hash_of("x")) is None


class Failing:
    """A client whose writes fail."""

    def __init__(self, client: Any, error: Exception) -> None:
        self._client = client
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name == "transact_write_items":
            raise self._error
        return getattr(self._client, name)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": code, "Message": ""}}, "TransactWriteItems")
        for code in ("AccessDeniedException", "ThrottlingException", "InternalServerError")
    ]
    + [EndpointConnectionError(endpoint_url="https://dynamodb.example")],
    ids=["denied", "throttled", "broken", "unreachable"],
)
def test_a_failure_to_record_the_use_of_a_token_is_ignored(
    client: "DynamoDBClient", table_name: str, error: Exception
) -> None:
    tokens = access_in(Failing(client, error), table_name).tokens
    tokens.note_use(hash_of("x"), TOKEN, "2026-06-01T12:00:00.000Z")
