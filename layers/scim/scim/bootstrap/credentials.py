"""The credentials of a deployment: they decide who may open its directories.

This module is separate from the directories, so that code that only checks a credential does not load them.
"""

from dataclasses import dataclass

from scim.store.access.clients import StoredClients
from scim.store.access.issuers import StoredIssuers
from scim.store.access.tenants import Tenants
from scim.store.access.tokens import Tokens
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table

CREDENTIAL_RETRY = Retry(times=3, within=1.5)
"""Short, since the request itself has yet to be done after its credential is read."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The stored tenants, tokens, issuers and clients of a deployment."""

    tenants: Tenants
    tokens: Tokens
    issuers: StoredIssuers
    clients: StoredClients


def credentials_on(table: Table) -> Credentials:
    return Credentials(Tenants(table), Tokens(table), StoredIssuers(table), StoredClients(table))


def table_of_credentials(client: TableClient, table_name: str) -> Table:
    """Return a deployment's table for reading and writing credentials."""
    return Table(client, table_name, Meter(counts=False), CREDENTIAL_RETRY)
