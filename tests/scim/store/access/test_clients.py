"""Clients are found by their id alone, and an assertion is good once."""

from typing import TYPE_CHECKING

import pytest

from scim.access.client import OAuthClient, is_client_id
from scim.bootstrap.access import access_in
from scim.store.access.clients import StoredClients

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLIENT = OAuthClient(
    client_id="c1",
    tenant="acme",
    scopes=("users:*", "groups:list"),
    label="HR",
    created_at="2026-01-02T00:00:00.000Z",
    secret_hashes=("a" * 64, "b" * 64),
    jwks='{"keys":[]}',
    filters='{"User":"*"}',
)


@pytest.fixture
def clients(client: "DynamoDBClient", table_name: str) -> StoredClients:
    return access_in(client, table_name).clients


def test_a_client_is_found_as_it_was_stored(clients: StoredClients) -> None:
    clients.save(CLIENT)
    assert clients.find("c1") == CLIENT
    assert clients.find("c2") is None


def test_a_tenants_clients_are_listed_the_oldest_first(clients: StoredClients) -> None:
    older = OAuthClient("c9", "acme", (), "", "2026-01-01T00:00:00.000Z")
    for client in (CLIENT, older, OAuthClient("c2", "globex", (), "", "2026-01-01T00:00:00.000Z")):
        clients.save(client)
    assert clients.of_tenant("acme") == [older, CLIENT]


def test_a_client_that_was_removed_is_neither_found_nor_listed(clients: StoredClients) -> None:
    clients.save(CLIENT)
    clients.remove(CLIENT)
    assert clients.find("c1") is None
    assert clients.of_tenant("acme") == []


def test_an_assertion_is_good_once_for_each_client(clients: StoredClients) -> None:
    assert clients.use_once("c1", "assertion", 1_000.5) is True
    assert clients.use_once("c1", "assertion", 2_000.0) is False
    assert clients.use_once("c2", "assertion", 1_000.0) is True
    assert clients.use_once("c1", "x" * 5_000 + "#é", 1_000.0) is True


@pytest.mark.parametrize("text", ["", "a#b", "a b", "é", "a/b", "x" * 65, "TOKEN#x", "a\n"])
def test_a_text_that_cannot_be_a_client_id_finds_nothing(clients: StoredClients, text: str) -> None:
    assert not is_client_id(text)
    assert clients.find(text) is None
