"""The settings of a tenant, under its name."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.access.tenant import NameTaken, Tenant
from scim.bootstrap.access import access_in
from scim.fsck import violations
from scim.store.access.tenants import Tenants

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACME = Tenant("acme", "2026-01-01")
FULL = Tenant("acme", "2026-01-01", "okta", ("token", "basic"), 30, "2026-02-01")


@pytest.fixture(name="tenants")
def _tenants(client: "DynamoDBClient", table_name: str) -> Tenants:
    return access_in(client, table_name).tenants


@pytest.mark.parametrize("name", ["", "#", "acme#User", "acme ", "ａcme", "a" * 65])
def test_an_impossible_tenant_name_is_not_found(tenants: Tenants, name: str) -> None:
    assert tenants.find(name) is None


def test_an_unknown_tenant_is_not_found(tenants: Tenants) -> None:
    assert tenants.find("acme") is None
    assert tenants.names() == []


@pytest.mark.parametrize("tenant", [ACME, FULL], ids=["least", "everything"])
def test_a_new_tenant_is_found_and_named(tenants: Tenants, tenant: Tenant) -> None:
    tenants.create(tenant)
    assert tenants.find("acme") == tenant
    assert tenants.names() == ["acme"]


def test_a_tenant_cannot_be_made_twice(tenants: Tenants) -> None:
    tenants.create(FULL)
    with pytest.raises(NameTaken):
        tenants.create(ACME)
    assert tenants.find("acme") == FULL


def test_settings_that_are_unset_are_gone(tenants: Tenants) -> None:
    tenants.create(FULL)
    tenants.change(FULL, replace(FULL, rate=None, suspended_at=None))
    assert tenants.find("acme") == replace(FULL, rate=None, suspended_at=None)


def test_all_tenants_are_named_in_order(tenants: Tenants) -> None:
    for name in ("b", "A", "a-1", "a"):
        tenants.create(replace(ACME, name=name))
    assert tenants.names() == ["A", "a", "a-1", "b"]


def test_a_removed_tenant_is_gone_and_can_be_created_again(tenants: Tenants) -> None:
    tenants.create(FULL)
    tenants.remove("acme")
    assert (tenants.find("acme"), tenants.names()) == (None, [])
    tenants.create(ACME)
    assert tenants.find("acme") == ACME


def test_the_items_have_the_shape_the_checker_knows(
    client: "DynamoDBClient", table_name: str, tenants: Tenants
) -> None:
    tenants.create(FULL)
    assert violations(client.scan(TableName=table_name)["Items"]) == []
