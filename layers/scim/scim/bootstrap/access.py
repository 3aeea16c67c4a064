"""Opens the table of a deployment for who administers it: who may open its directories, and these."""

from dataclasses import dataclass

from scim.bootstrap.credentials import Credentials, credentials_on, table_of_credentials
from scim.resource.history.feed import Feed
from scim.store.access.definitions import StoredDefinitions
from scim.store.access.tolerances import ToleranceCounts
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.client import TableClient
from scim.store.feed.feeds import Feeds
from scim.store.guards.breaker import Breaker, BreakerLimits
from scim.store.jobs.items import DynamoJobs


@dataclass(frozen=True, slots=True)
class Access(Credentials):
    """Who may open the directories of a deployment, and these, for who administers it."""

    tolerances: ToleranceCounts
    definitions: StoredDefinitions
    directory: DynamoDirectory
    jobs: DynamoJobs
    breaker: Breaker
    feeds: Feeds


def access_in(client: TableClient, table_name: str) -> Access:
    """Return who may open the directories on a table, and these."""
    table = table_of_credentials(client, table_name)
    own = credentials_on(table)
    return Access(
        own.tenants,
        own.tokens,
        own.issuers,
        own.clients,
        ToleranceCounts(table),
        StoredDefinitions(table),
        DynamoDirectory(client, table_name),
        DynamoJobs(table),
        Breaker(table, BreakerLimits()),
        Feeds(table, Feed()),
    )
