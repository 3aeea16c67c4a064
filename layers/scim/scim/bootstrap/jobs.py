"""Opens what keeps and runs jobs: the table, the bucket and the state machine of a deployment."""

from dataclasses import dataclass

import boto3
from botocore.config import Config

from scim.bootstrap.store import CONFIG, client
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.jobs.files import S3Payloads
from scim.store.jobs.items import DynamoJobs
from scim.store.jobs.results import DynamoResults
from scim.store.jobs.state_machine import StateMachine

FILES = CONFIG.merge(Config(signature_version="s3v4"))
"""Addresses signed the old way are refused by buckets younger than 2020."""


@dataclass(frozen=True, slots=True)
class OpenedJobs:
    """Where jobs are kept, and what runs them."""

    jobs: DynamoJobs
    results: DynamoResults
    payloads: S3Payloads
    machine: StateMachine


def opened_jobs(table_name: str, bucket: str, machine_arn: str = "") -> OpenedJobs:
    """Return the jobs on a table, their files in a bucket, run by a machine.

    What the machine itself runs needs no name of it: it starts none.
    """
    table = Table(client(), table_name, Meter(), Retry())
    return OpenedJobs(
        DynamoJobs(table),
        DynamoResults(table),
        S3Payloads(lambda: boto3.client("s3", config=FILES), bucket),
        StateMachine(lambda: boto3.client("stepfunctions", config=CONFIG), machine_arn),
    )
