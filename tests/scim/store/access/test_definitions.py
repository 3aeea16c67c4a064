"""Stored definitions beyond the contract: heads, labels and expiry."""

from typing import TYPE_CHECKING

import pytest

from scim.access.tenant import Tenant
from scim.bootstrap.access import Access, access_in
from scim.fsck import violations
from scim.schema.loading import NO_ADDITIONS
from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from scim.store.access.definitions import StoredDefinitions
from tests.contract.definition_store_contract import OTHER, T, definition_version
from tests.fakes.devices import DOCUMENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEVICES = DefinitionVersion(1, definitions_of(DOCUMENT), "2026-01-01", "t1")


@pytest.fixture(name="access")
def _access(client: "DynamoDBClient", table_name: str) -> Access:
    return access_in(client, table_name)


@pytest.fixture(name="stored")
def _stored(access: Access) -> StoredDefinitions:
    return access.definitions


def test_a_tenant_is_known_with_what_it_has_defined(access: Access) -> None:
    access.tenants.create(Tenant(T, "2026"))
    found = access.tenants.find(T)
    assert found is not None
    assert (found.definitions, found.endpoints) == ("", ())
    access.definitions.put(T, DEVICES, 10)
    found = access.tenants.find(T)
    assert found is not None
    assert found.definitions == DEVICES.label
    assert found.endpoints == ("Devices", "DeviceGroups")


def test_definitions_make_no_tenant(access: Access) -> None:
    access.definitions.put(T, DEVICES, 10)
    assert access.tenants.find(T) is None


def test_changing_the_settings_of_a_tenant_keeps_its_definitions(access: Access) -> None:
    access.tenants.create(Tenant(T, "2026"))
    access.definitions.put(T, DEVICES, 10)
    access.tenants.change(Tenant(T, "2026"), Tenant(T, "2026", "okta"))
    found = access.tenants.find(T)
    assert found is not None
    assert (found.profile, found.definitions) == ("okta", DEVICES.label)


def test_a_version_adds_what_it_says(stored: StoredDefinitions) -> None:
    stored.put(T, DEVICES, 10)
    assert stored.additions(T, DEVICES.label) == DEVICES.definitions.additions()


@pytest.mark.parametrize("label", ["1-abc", "77-abc", "x", ""])
def test_a_version_no_longer_kept_is_answered_by_the_current_one(
    stored: StoredDefinitions, label: str
) -> None:
    stored.put(T, DEVICES, 10)
    assert stored.additions(T, label) == DEVICES.definitions.additions()
    assert stored.additions(OTHER, label) == NO_ADDITIONS


def test_versions_are_listed_the_youngest_first(stored: StoredDefinitions) -> None:
    for version in (1, 2, 3):
        stored.put(T, definition_version(version), 10)
    assert [each.version for each in stored.history(T)] == [3, 2, 1]
    assert stored.history(OTHER) == []


def test_fewer_are_kept_when_fewer_are_to_be(stored: StoredDefinitions) -> None:
    for version in (1, 2, 3, 4):
        stored.put(T, definition_version(version), 10)
    stored.put(T, definition_version(5), 2)
    assert [each.version for each in stored.history(T)] == [5, 4]


def test_removed_definitions_are_gone_and_versions_restart_at_one(
    client: "DynamoDBClient", table_name: str, stored: StoredDefinitions
) -> None:
    for version in (1, 2):
        stored.put(T, definition_version(version), 10)
    stored.remove(T)
    stored.remove(T)
    assert client.scan(TableName=table_name)["Items"] == []
    stored.put(T, DEVICES, 10)
    assert stored.current(T) == DEVICES
    assert stored.additions(T, definition_version(1).label) == DEVICES.definitions.additions()


def test_the_items_have_the_shape_the_checker_knows(
    client: "DynamoDBClient", table_name: str, stored: StoredDefinitions
) -> None:
    stored.put(T, DEVICES, 10)
    stored.put(T, definition_version(2), 10)
    assert violations(client.scan(TableName=table_name)["Items"]) == []
