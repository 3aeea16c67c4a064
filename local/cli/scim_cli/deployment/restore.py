"""`scim restore`: restores the table to an earlier time as a new table that can be served."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from scim.moments import time_text
from scim_cli.connection import Connection, connected
from scim_cli.moment import Moment
from scim_cli.output import note, show_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_SECONDS, _MINUTES, _HOURS = 20, 20, 12
_PATIENCE: Mapping[str, Any] = {"Delay": _SECONDS, "MaxAttempts": _HOURS * 3600 // _SECONDS}
"""DynamoDB restores a small table in some minutes, a large one in hours."""


@click.command()
@click.argument("name")
@click.option(
    "--to",
    "moment",
    type=Moment(),
    help="A second of the last 35 days, such as 2026-11-28T09:30:00Z; default the latest.",
)
@connected
def restore(connection: Connection, name: str, moment: datetime | None) -> None:
    """Restore the table to an earlier moment, as a new table NAME, ready to be served.

    A restored table has no stream, no time to live and no backups; this command sets them as in the current
    table. The deployment keeps serving its table until you set the two printed parameters. If the command
    is interrupted, run it again with the same second (not how long ago it was); it continues.
    """
    client, source = connection.patient_client, connection.table
    if _NAME.fullmatch(name) is None:
        raise click.UsageError(
            f"{name!r} is no table's name; expected 3 to 255 letters, digits, dots, hyphens and underscores."
        )
    if name == source:
        raise click.UsageError("NAME is the current table; give another name.")
    if _is_there(client, name):
        require_same_restore(_description_of(client, name), source, moment)
        note(f"The table {name} exists already; continuing with it.")
    else:
        point: dict[str, Any] = (
            {"UseLatestRestorableTime": True} if moment is None else {"RestoreDateTime": moment}
        )
        client.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=name, **point)
        note(
            f"DynamoDB restores {source} into {name}; this takes minutes, for a large table hours."
        )
    _await(client, name)
    copy_settings(client, source, name)
    stream = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    note(f"Check it: scim fsck --table {name}")
    note("Serve it: add these to parameter_overrides in samconfig.toml, and run make deploy.")
    show_one({"RestoredTable": name, "RestoredTableStream": stream}, connection.format)


def require_same_restore(table: Any, source: str, moment: datetime | None) -> None:
    """End the command if an existing table was restored from another table, or to another second than the given one."""
    summary = table.get("RestoreSummary")
    if summary is None:
        return
    restored_from = summary.get("SourceTableArn", "").rpartition("/")[2]
    restored_to = summary["RestoreDateTime"]
    is_other_second = moment is not None and abs(restored_to - moment) >= timedelta(seconds=1)
    if restored_from != source or is_other_second:
        raise click.ClickException(
            f"The table {table['TableName']} exists already: it is {restored_from} as of"
            f" {time_text(restored_to.astimezone(UTC))}. Give another name, or that time to continue with it."
        )


def copy_settings(client: "DynamoDBClient", source: str, name: str) -> None:
    """Give a restored table the settings of another one that it lacks."""
    source_table, target_table = _description_of(client, source), _description_of(client, name)
    if not target_table.get("StreamSpecification", {}).get("StreamEnabled"):
        client.update_table(TableName=name, StreamSpecification=source_table["StreamSpecification"])
        _await(client, name)
    if source_table.get("DeletionProtectionEnabled") and not target_table.get(
        "DeletionProtectionEnabled"
    ):
        client.update_table(TableName=name, DeletionProtectionEnabled=True)
        _await(client, name)
    source_ttl = client.describe_time_to_live(TableName=source)["TimeToLiveDescription"]
    target_ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if source_ttl.get("AttributeName") and target_ttl.get("TimeToLiveStatus") != "ENABLED":
        client.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": source_ttl["AttributeName"]},
        )
    _back_up(client, name)


def _back_up(client: "DynamoDBClient", name: str) -> None:
    """Switch a table's backups on, which DynamoDB refuses for some minutes after it has created the table."""
    for attempts_left in reversed(range(_MINUTES * 60 // _SECONDS)):
        try:
            client.update_continuous_backups(
                TableName=name,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
        except client.exceptions.ContinuousBackupsUnavailableException:
            if not attempts_left:
                raise
            time.sleep(_SECONDS)
        else:
            return


def _description_of(client: "DynamoDBClient", name: str) -> Any:
    return client.describe_table(TableName=name)["Table"]


def _is_there(client: "DynamoDBClient", name: str) -> bool:
    try:
        client.describe_table(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def _await(client: "DynamoDBClient", name: str) -> None:
    waiter = client.get_waiter("table_exists")
    waiter.wait(TableName=name, WaiterConfig=_PATIENCE)  # type: ignore[arg-type]  # wants a TypedDict
