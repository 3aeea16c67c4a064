"""Opens what stores and runs jobs: the table, the bucket and the state machine of a deployment."""

from dataclasses import dataclass

import boto3
from botocore.config import Config

from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.access.holders import Holders
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Deadline, Retry
from scim.store.dynamodb.table import Table
from scim.store.jobs.files import S3Payloads
from scim.store.jobs.items import DynamoJobs
from scim.store.jobs.results import DynamoResults
from scim.store.jobs.state_machine import StateMachine

REPEATED = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)
"""For services other than DynamoDB, whose requests botocore retries."""

FILES = REPEATED.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
"""Buckets created since 2020 refuse presigned URLs with the older signature. Without an addressing style boto3
presigns for the host of all regions: regions since 2019 refuse that, and a new bucket redirects it for hours."""


@dataclass(frozen=True, slots=True)
class StoredJobs:
    """The stores of jobs, and the state machine that runs them."""

    jobs: DynamoJobs
    results: DynamoResults
    payloads: S3Payloads
    machine: StateMachine
    credentials: Holders


def job_backend(settings: Settings, deadline: Deadline | None = None) -> StoredJobs:
    """Return the jobs in a table, their files in a bucket, run by a state machine.

    Functions that the machine itself runs need no ARN of it: they start no execution.
    """
    table = Table(
        client(), settings.table_name, Meter(counts=False), Retry(deadline=deadline or Deadline())
    )
    credentials = credentials_on(table)
    return StoredJobs(
        DynamoJobs(table),
        DynamoResults(table),
        S3Payloads(lambda: boto3.client("s3", config=FILES), settings.bucket_name),
        StateMachine(
            lambda: boto3.client("stepfunctions", config=REPEATED), settings.state_machine_arn
        ),
        Holders(
            credentials.tenants,
            credentials.tokens,
            credentials.clients,
            credentials.issuers,
            SystemClock().now,
        ),
    )
