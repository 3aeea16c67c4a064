"""Which deployment a command is about: named by its table or by its stack."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from local.intrinsics import REGION
from scim.bootstrap.connection import CONFIG
from scim.bootstrap.store import Access, access_in
from scim.errors import ScimError

OUTPUT = "TableName"


@dataclass(frozen=True, slots=True)
class Connection:
    """An open table, and whether answers shall be JSON."""

    access: Access
    wants_json: bool


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a deployment, and a connection to it.

    What AWS refuses ends the command with one line that says so.
    """

    @click.option("--table", help="The deployment's table (output TableName of its stack).")
    @click.option("--stack", help="The deployment's stack; its table is looked up.")
    @click.option("--local", "is_local", is_flag=True, help="What `make run` runs here.")
    @click.option("--endpoint-url", help="Another AWS than AWS's, such as an emulator.")
    @click.option("--json", "wants_json", is_flag=True, help="Answer in JSON.")
    @wraps(command)
    def call(
        *args: Any,
        table: str | None,
        stack: str | None,
        is_local: bool,
        endpoint_url: str | None,
        wants_json: bool,
        **options: Any,
    ) -> None:
        if [table is None, stack is None, not is_local].count(False) != 1:
            raise click.UsageError("Name the deployment with one of --table, --stack, --local.")
        try:
            access = _local() if is_local else _deployed(table, stack, endpoint_url)
            command(Connection(access, wants_json), *args, **options)
        except (BotoCoreError, ClientError, ScimError) as error:
            raise click.ClickException(str(error)) from error

    return call


def _deployed(table: str | None, stack: str | None, endpoint_url: str | None) -> Access:
    name = table or _table_of(str(stack), endpoint_url)
    return access_in(boto3.client("dynamodb", endpoint_url=endpoint_url, config=CONFIG), name)


def _local() -> Access:
    port = os.environ.get("PORT") or "8080"
    client = boto3.client(
        "dynamodb",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - nobody's
    )
    (table,) = client.list_tables()["TableNames"]
    return access_in(client, table)


def _table_of(stack: str, endpoint_url: str | None) -> str:
    client = boto3.client("cloudformation", endpoint_url=endpoint_url)
    (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    for output in described.get("Outputs", []):
        if output.get("OutputKey") == OUTPUT:
            return str(output["OutputValue"])
    raise click.ClickException(f"The stack {stack} has no output {OUTPUT}.")
