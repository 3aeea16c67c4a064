"""Opens the table of a deployment: the client, the directory on it and its meter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from scim.store.directory import DynamoDirectory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)
"""Short waits: the gateway gives up after 29 seconds, and transactions carry a client token,
so that asking again is harmless."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A directory on an open table."""

    directory: DynamoDirectory

    def cost(self) -> str:
        """Return what the store has used since this was last asked, for `X-SCIM-Cost`."""
        reading = self.directory.meter.reading()
        self.directory.meter.reset()
        return f"rt={reading.round_trips};rcu={reading.rcu:g};wcu={reading.wcu:g}"


def client() -> "DynamoDBClient":
    """Return a DynamoDB client with the function's own credentials and region."""
    return boto3.client("dynamodb", config=CONFIG)


def opened(table_name: str) -> Opened:
    """Return the directory on a table."""
    return Opened(DynamoDirectory(client(), table_name))
