"""`scim doctor`: checks everything that commands need, one by one."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import click
from botocore.exceptions import BotoCoreError, ClientError

from scim.store.keys.directory import LAST_MODIFIED_INDEX
from scim_cli import __version__
from scim_cli.connection import ADMIN_URL, TABLE, VERSION, outputs_of
from scim_cli.credentials import credential_sources, refusal, session
from scim_cli.exits import NoAccess
from scim_cli.output import OutputFormat, output_options, show


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it passed, and what was found, in words; the code to exit with if it did not."""

    checked: str
    is_well: bool
    found: str
    exit_code: int = 1


@click.command()
@click.option("--stack", envvar="SCIM_STACK", help="The deployment's stack (SCIM_STACK).")
@click.option("--endpoint-url", help="Endpoint of an AWS emulator.")
@output_options
def doctor(stack: str | None, endpoint_url: str | None, form: OutputFormat) -> None:
    """Check credentials, region, stack, table and alarms, and explain what is wrong.

    Fails if something is wrong, with the exit code of the first check that failed.
    """
    findings = list(_findings(stack, endpoint_url))
    rows: list[dict[str, object]] = [
        {"checked": finding.checked, "ok": finding.is_well, "found": finding.found}
        for finding in findings
    ]
    show(rows, form)
    for finding in findings:
        if not finding.is_well:
            raise click.exceptions.Exit(finding.exit_code)


def _findings(stack: str | None, endpoint_url: str | None) -> Iterator[Finding]:
    yield Finding("version", is_well=True, found=f"scim {__version__}")
    for source, outcome in credential_sources():
        yield Finding(f"credentials: {source}", is_well=True, found=outcome)
    aws_session = session()
    yield Finding(
        "region",
        is_well=aws_session.region_name is not None,
        found=aws_session.region_name or "none: give --region, or set AWS_REGION",
        exit_code=NoAccess.exit_code,
    )
    identity = _finding_or_refusal("identity", lambda: _identity(endpoint_url))
    yield identity
    if not identity.is_well:
        return
    if not stack:
        table = os.environ.get("SCIM_TABLE")
        yield Finding(
            "stack",
            is_well=bool(table),
            found=f"none; the table {table} is named"
            if table
            else "none: give --stack, or set SCIM_STACK",
        )
        return
    try:
        outputs = outputs_of(stack, endpoint_url)
    except (BotoCoreError, ClientError) as error:
        yield _refused(f"stack {stack}", error)
    else:
        yield _stack(stack, outputs)
        if TABLE in outputs:
            yield _finding_or_refusal("table", lambda: _table(outputs[TABLE], endpoint_url))
    yield _finding_or_refusal("alarms", lambda: _alarms(stack, endpoint_url))


def _finding_or_refusal(check: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except (BotoCoreError, ClientError) as error:
        return _refused(check, error)


def _refused(check: str, error: BotoCoreError | ClientError) -> Finding:
    refused = refusal(error)
    text, code = refused.format_message(), refused.exit_code
    return Finding(check, is_well=False, found=text, exit_code=code)


def _identity(endpoint_url: str | None) -> Finding:
    answer = session().client("sts", endpoint_url=endpoint_url).get_caller_identity()
    return Finding("identity", is_well=True, found=answer["Arn"])


def _stack(stack: str, outputs: Mapping[str, str]) -> Finding:
    missing_outputs = [name for name in (TABLE, ADMIN_URL) if name not in outputs]
    if missing_outputs:
        fault = f"has no output {', '.join(missing_outputs)}: deploy this version"
        return Finding(f"stack {stack}", is_well=False, found=fault)
    version = outputs.get(VERSION, "none")
    is_same = version.partition(",")[0] == __version__
    difference = (
        "" if is_same else f"; this command is {__version__}: deploy, or install that version"
    )
    return Finding(f"stack {stack}", is_well=is_same, found=f"found, version {version}{difference}")


def _table(name: str, endpoint_url: str | None) -> Finding:
    """Tell what the table lacks of what the template gives it: it may be restored, or changed by hand."""
    client = session().client("dynamodb", endpoint_url=endpoint_url)
    table = client.describe_table(TableName=name)["Table"]
    status = {"the table": table["TableStatus"]} | {
        f"its index {index['IndexName']}": index["IndexStatus"]
        for index in table.get("GlobalSecondaryIndexes", ())
    }
    faults = [
        f"{part} is {is_} instead of ACTIVE" for part, is_ in status.items() if is_ != "ACTIVE"
    ]
    if f"its index {LAST_MODIFIED_INDEX}" not in status:
        faults.append(f"it has no index {LAST_MODIFIED_INDEX}: filters on meta.lastModified fail")
    if not table.get("StreamSpecification", {}).get("StreamEnabled"):
        faults.append("its stream is off: changes are not logged, and there are no events")
    time_to_live = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if time_to_live["TimeToLiveStatus"] not in ("ENABLED", "ENABLING"):
        faults.append("its time to live is off: what has expired stays")
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        faults.append("its backups are off: it cannot be restored")
    return Finding(
        "table", is_well=not faults, found="; ".join(faults) or "as the template sets it"
    )


def _alarms(stack: str, endpoint_url: str | None) -> Finding:
    watch = session().client("cloudwatch", endpoint_url=endpoint_url)
    pages = watch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{stack}-", StateValue="ALARM"
    )
    descriptions = [
        alarm.get("AlarmDescription", alarm["AlarmName"])
        for page in pages
        for alarm in page["MetricAlarms"]
        if _is_of(stack, alarm["AlarmName"])
    ]
    return Finding(
        "alarms", is_well=not descriptions, found="; ".join(descriptions) or "none in ALARM"
    )


def _is_of(stack: str, alarm: str) -> bool:
    """Tell an alarm of `scim` from one of `scim-dev`: what CloudFormation puts behind the stack has one hyphen."""
    return alarm.removeprefix(f"{stack}-").count("-") == 1
