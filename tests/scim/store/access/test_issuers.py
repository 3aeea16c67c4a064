"""An issuer is found by its name and listed under the tenants that trust it."""

from typing import TYPE_CHECKING

import pytest

from scim.bootstrap.access import access_in
from scim.fsck import violations
from scim.store.access.issuers import StoredIssuers

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ISSUER = "https://login.example/tenant#1"
DOCUMENT = {"kind": "jwt", "issuer": ISSUER, "audiences": ["a"]}


@pytest.fixture(name="issuers")
def _issuers(client: "DynamoDBClient", table_name: str) -> StoredIssuers:
    return access_in(client, table_name).issuers


def test_an_untrusted_issuer_is_not_found(issuers: StoredIssuers) -> None:
    assert issuers.named(ISSUER) == []
    assert issuers.of_tenant("acme") == []


def test_every_tenant_that_trusts_an_issuer_is_found_with_its_terms(issuers: StoredIssuers) -> None:
    issuers.save("acme", ISSUER, DOCUMENT)
    issuers.save("other", ISSUER, {**DOCUMENT, "audiences": ["b"]})
    assert issuers.named(ISSUER) == [
        ("acme", DOCUMENT),
        ("other", {**DOCUMENT, "audiences": ["b"]}),
    ]
    assert issuers.of_tenant("acme") == [DOCUMENT]


def test_new_terms_replace_the_old(issuers: StoredIssuers) -> None:
    issuers.save("acme", ISSUER, DOCUMENT)
    issuers.save("acme", ISSUER, {**DOCUMENT, "audiences": ["b"]})
    assert issuers.of_tenant("acme") == [{**DOCUMENT, "audiences": ["b"]}]


def test_a_removed_issuer_is_trusted_by_others_only(issuers: StoredIssuers) -> None:
    issuers.save("acme", ISSUER, DOCUMENT)
    issuers.save("other", ISSUER, DOCUMENT)
    issuers.remove("acme", ISSUER)
    assert [tenant for tenant, _ in issuers.named(ISSUER)] == ["other"]
    assert issuers.of_tenant("acme") == []


def test_the_items_have_the_shape_the_checker_knows(
    client: "DynamoDBClient", table_name: str, issuers: StoredIssuers
) -> None:
    issuers.save("acme", ISSUER, DOCUMENT)
    assert violations(client.scan(TableName=table_name)["Items"]) == []
