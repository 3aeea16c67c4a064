"""`scim destroy`: deletes a deployment, but keeps its directory unless an option says otherwise."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from scim_cli.connection import TABLE, outputs_of
from scim_cli.credentials import refusal, session
from scim_cli.output import note

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_OWN_TABLE = "Table"
"""The logical ID of the stack's own table in template.yaml."""
_PATIENCE = {"Delay": 15, "MaxAttempts": 240}


@click.command()
@click.option(
    "--stack", envvar="SCIM_STACK", required=True, help="The deployment's stack (SCIM_STACK)."
)
@click.option("--with-data", is_flag=True, help="Delete the table too: every tenant's directory.")
@click.option("--yes", "name", metavar="STACK", help="The stack's name, instead of the prompt.")
@click.option("--endpoint-url", help="Endpoint of an AWS emulator.")
def destroy(*, stack: str, with_data: bool, name: str | None, endpoint_url: str | None) -> None:
    """Delete a deployment's stack. The table is kept, unless --with-data deletes it too.

    This deletes jobs and their files, functions, URLs, alarms and logs. A kept table keeps its
    deletion protection. If a restored table is served, the same applies to it and to the stack's own.
    """
    try:
        served_table = outputs_of(stack, endpoint_url).get(TABLE)
        stacks = session().client("cloudformation", endpoint_url=endpoint_url)
        # They differ after `scim restore`. A stack that could not be created has no output, but left its table.
        tables = list(dict.fromkeys(filter(None, (served_table, _own_table_of(stacks, stack)))))
        deleted_tables = tables if with_data else []
        losses = " and ".join([f"the stack {stack}", *(f"its table {t}" for t in deleted_tables)])
        question = f"This permanently deletes {losses}. Type the stack's name"
        typed_name = name or click.prompt(question, err=True)
        if typed_name != stack:
            raise click.ClickException("That is not the stack's name; nothing is deleted.")
        stacks.delete_stack(StackName=stack)
        note(f"The stack {stack} is being deleted.")
        stacks.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=_PATIENCE)
        note(f"The stack {stack} is deleted.")
        for table in tables:
            if with_data:
                _delete_table(session().client("dynamodb", endpoint_url=endpoint_url), table)
                note(f"The table {table} is deleted.")
            else:
                note(
                    f"The table {table} is kept: delete it in DynamoDB, or serve it (docs/operations.md)."
                )
    except WaiterError as error:
        raise click.ClickException(f"CloudFormation could not delete {stack}: {error}") from error
    except (BotoCoreError, ClientError) as error:
        raise refusal(error) from error


def _own_table_of(stacks: Any, stack: str) -> str | None:
    """Return the name of the table that the stack created, None if it created none."""
    try:
        described = stacks.describe_stack_resource(StackName=stack, LogicalResourceId=_OWN_TABLE)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    name: str | None = described["StackResourceDetail"].get("PhysicalResourceId")
    return name


def _delete_table(tables: "DynamoDBClient", name: str) -> None:
    """Delete a table, protected or not; do nothing if the stack has deleted it."""
    with suppress(tables.exceptions.ResourceNotFoundException):
        tables.update_table(TableName=name, DeletionProtectionEnabled=False)
        tables.get_waiter("table_exists").wait(TableName=name)
        tables.delete_table(TableName=name)
