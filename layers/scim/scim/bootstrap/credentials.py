"""What decides who may open the directories of a deployment.

It stands apart from the directories, so that who only looks at a credential does not load them.
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
"""Nobody waits long for a credential: what it is for has yet to be done."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may open the directories of a deployment."""

    tenants: Tenants
    tokens: Tokens
    issuers: StoredIssuers
    clients: StoredClients


def credentials_on(table: Table) -> Credentials:
    """Return who may open the directories that are kept on the table."""
    return Credentials(Tenants(table), Tokens(table), StoredIssuers(table), StoredClients(table))


def table_of_credentials(client: TableClient, table_name: str) -> Table:
    """Return the table for those who look at a credential or write one."""
    return Table(client, table_name, Meter(counts=False), CREDENTIAL_RETRY)
