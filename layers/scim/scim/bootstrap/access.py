"""Opens a deployment's table for administration: its credentials and its directories."""

from dataclasses import dataclass

from scim.access.breaker import BreakerLimits
from scim.bootstrap.credentials import Credentials, credentials_on, table_of_credentials
from scim.resource.history.feed import Feed
from scim.store.access.definitions import StoredDefinitions
from scim.store.access.tolerances import ToleranceCounts
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.client import TableClient
from scim.store.feed.feeds import Feeds
from scim.store.guards.breaker import Breaker
from scim.store.jobs.items import DynamoJobs


@dataclass(frozen=True, slots=True)
class Access(Credentials):
    """The credentials of a deployment and its directories, for those who administer it."""

    tolerances: ToleranceCounts
    definitions: StoredDefinitions
    directory: DynamoDirectory
    jobs: DynamoJobs
    breaker: Breaker
    feeds: Feeds


def access_in(client: TableClient, table_name: str) -> Access:
    """Return the credentials and directories on a table."""
    table = table_of_credentials(client, table_name)
    credentials = credentials_on(table)
    return Access(
        credentials.tenants,
        credentials.tokens,
        credentials.issuers,
        credentials.clients,
        ToleranceCounts(table),
        StoredDefinitions(table),
        DynamoDirectory(client, table_name),
        DynamoJobs(table),
        Breaker(table, BreakerLimits()),
        Feeds(table, Feed()),
    )
