"""The connection to a deployment, which options name by its table or its stack."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import botocore.session
import click
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)
from botocore.parsers import ResponseParserError

from scim.bootstrap.access import Access, access_in
from scim.bootstrap.administration import administration_on
from scim.bootstrap.connection import config
from scim.errors import ScimError
from scim.service.administration.ports import Actor, Administration
from scim.settings import Settings
from scim_cli.administrator import Administrator, OnTable, OverApi
from scim_cli.credentials import refusal, session
from scim_cli.exits import Unreachable
from scim_cli.http_client import http_client, local_client
from scim_cli.local_run import HOSTS, REGION, address
from scim_cli.output import OutputFormat, note, output_options, show, show_one
from scim_cli.service import require_url

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE, URL, ADMIN_URL, VERSION = "TableName", "ApiUrl", "AdminApiUrl", "Version"
"""The outputs of a stack that say where its table, its service and its administration are, and its version."""
_KEY = "local"
_NO_SETTINGS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
"""botocore's session variables, without the caller's AWS account: AWS_PROFILE and files."""
_PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 10})


@dataclass(frozen=True, slots=True)
class Connection:
    """An open table, and the format of the command's output.

    `stack`, `url` (of the service) and `version` (the deployed one) are empty if only the table is known.
    """

    client: "DynamoDBClient"
    table: str
    access: Access
    format: OutputFormat
    stack: str = ""
    url: str = ""
    version: str = ""
    is_local: bool = False
    administrator: Administrator | None = None
    """The Admin API, where the deployment is known to have one; else the table is written."""
    actor: Actor = field(default_factory=lambda: Actor("table"))
    open_patient: "Callable[[], DynamoDBClient] | None" = None

    @property
    def patient_client(self) -> "DynamoDBClient":
        """A client that repeats requests itself, for what takes minutes or hours: the store repeats its own."""
        return self.open_patient() if self.open_patient else self.client

    @property
    def administration(self) -> Administration:
        """The operations of administration, performed on the table itself."""
        return administration_on(self.client, Settings(table_name=self.table))

    def call(self, method: str, path: str, **parameters: Any) -> dict[str, Any]:
        """Perform an operation of administration without the parameters that are None, as `perform`."""
        present = {name: value for name, value in parameters.items() if value is not None}
        return self.perform(method, path, present)

    def perform(self, method: str, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Perform an operation of administration, print its notes, and return its response."""
        administrator = self.administrator or OnTable(self.administration, self.actor)
        answer = administrator.call(method, path, parameters)
        for message in answer.pop("notes", ()):
            note(message)
        return answer

    def show(self, method: str, path: str, **parameters: Any) -> None:
        """Perform an operation of administration, and print its response."""
        show_one(self.call(method, path, **parameters), self.format)

    def items(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return all items of a list, read page by page."""
        answer = self.call("GET", path, **parameters)
        items: list[dict[str, Any]] = answer["items"]
        while "next" in answer:
            answer = self.call("GET", path, **parameters, after=answer["next"])
            items += answer["items"]
        return items

    def show_items(self, path: str) -> None:
        """Print all items of a list."""
        show(self.items(path), self.format)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a deployment, and a connection to that deployment.

    If AWS refuses a request, the command ends with one line that says so.
    """

    @click.option("--table", help="The deployment's table, output TableName (SCIM_TABLE).")
    @click.option("--stack", help="The deployment's stack (SCIM_STACK).")
    @click.option(
        "--local", "is_local", is_flag=True, help="The service that `make run` runs here."
    )
    @click.option("--endpoint-url", help="Endpoint of an AWS emulator; its table is used.")
    @output_options
    @wraps(command)
    def call(
        *args: Any,
        table: str | None,
        stack: str | None,
        is_local: bool,
        endpoint_url: str | None,
        form: OutputFormat,
        **options: Any,
    ) -> None:
        table, stack = _one_of(table, stack, is_local=is_local)
        if endpoint_url is not None:
            require_url(endpoint_url)
        try:
            with ExitStack() as until_done:
                connection = (
                    _local(form, until_done)
                    if is_local
                    else _deployed(table, stack or "", endpoint_url, form, until_done)
                )
                command(connection, *args, **options)
        except ScimError as error:
            # What clients are not told, operators are: why the store could not be reached.
            if isinstance(error.__cause__, BotoCoreError | ClientError):
                raise refusal(error.__cause__) from error
            raise click.ClickException(str(error)) from error
        except (BotoCoreError, ClientError) as error:
            raise refusal(error) from error

    return call


def _one_of(
    table: str | None, stack: str | None, *, is_local: bool
) -> tuple[str | None, str | None]:
    """Return the table and the stack, of the environment if no option names a deployment."""
    if table is None and stack is None and not is_local:
        table = os.environ.get("SCIM_TABLE") or None
        stack = None if table else os.environ.get("SCIM_STACK") or None
    if [table is None, stack is None, not is_local].count(False) != 1:
        raise click.UsageError(
            "Give one of --table, --stack, --local, or set SCIM_TABLE or SCIM_STACK."
        )
    return table, stack


def outputs_of(stack: str, endpoint_url: str | None) -> dict[str, str]:
    """Return the outputs of a stack. Raises ClientError when there is no stack of that name."""
    client = session().client(
        "cloudformation", endpoint_url=endpoint_url, config=_direct(endpoint_url, Config())
    )
    (stack_description,) = client.describe_stacks(StackName=stack)["Stacks"]
    return {
        output["OutputKey"]: output["OutputValue"]
        for output in stack_description.get("Outputs", [])
    }


def _deployed(
    table: str | None,
    stack: str,
    endpoint_url: str | None,
    form: OutputFormat,
    until_done: ExitStack,
) -> Connection:
    outputs = {} if table else outputs_of(stack, endpoint_url)
    name = table or outputs.get(TABLE)
    if name is None:
        raise click.ClickException(f"The stack {stack} has no output {TABLE}.")
    aws_session = session()
    client = aws_session.client(
        "dynamodb", endpoint_url=endpoint_url, config=_direct(endpoint_url, config())
    )
    credentials = aws_session.get_credentials()
    administrator = None
    if ADMIN_URL in outputs and (endpoint_url or os.environ.get("AWS_ENDPOINT_URL")):
        note(
            "The command uses the table directly: the stack's Admin API is on AWS, not at that endpoint."
        )
    elif ADMIN_URL in outputs:
        if credentials is None:
            raise NoCredentialsError
        if aws_session.region_name is None:
            raise NoRegionError
        http = until_done.enter_context(http_client())
        administrator = OverApi(outputs[ADMIN_URL], credentials, aws_session.region_name, http)
    key = credentials.access_key if credentials else ""
    return Connection(
        client,
        name,
        access_in(client, name),
        form,
        stack,
        outputs.get(URL, ""),
        outputs.get(VERSION, ""),
        administrator=administrator,
        actor=Actor(f"access key {key}, at the table itself"),
        open_patient=lambda: aws_session.client(
            "dynamodb", endpoint_url=endpoint_url, config=_direct(endpoint_url, _PATIENT)
        ),
    )


def _local(form: OutputFormat, until_done: ExitStack) -> Connection:
    url = f"http://{address()}"
    client = boto3.Session(botocore_session=botocore.session.Session(_NO_SETTINGS)).client(
        "dynamodb",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=_KEY,
        aws_secret_access_key=_KEY,
        config=_direct(url, Config()),
    )
    try:
        table = _first_table(client)
    except EndpointConnectionError as error:
        raise Unreachable(
            f"Nothing answers at {address()}: start the service with make run; PORT sets its port."
        ) from error
    except (ClientError, ResponseParserError, KeyError, ValueError) as error:
        raise click.ClickException(
            f"What answers at {address()} is not the service of make run; PORT sets its port."
        ) from error
    http = until_done.enter_context(local_client())
    return Connection(
        client,
        table,
        access_in(client, table),
        form,
        url=f"{url}/scim/v2",
        is_local=True,
        actor=Actor("this machine, at the table itself"),
        administrator=OverApi(f"{url}/admin/v1", Credentials(_KEY, _KEY), REGION, http),
    )


def _direct(url: str | None, settings: Config) -> Config:
    """Return the settings of a client for a URL: no proxy sees what is sent to this machine."""
    is_here = url is not None and urlsplit(url).hostname in HOSTS
    return settings.merge(Config(proxies={})) if is_here else settings


def _first_table(client: "DynamoDBClient") -> str:
    """Return the served table: the oldest one, because `scim restore` creates younger ones."""
    names = client.list_tables()["TableNames"]
    return min(
        names, key=lambda name: client.describe_table(TableName=name)["Table"]["CreationDateTime"]
    )
