"""`scim doctor`: checks everything that commands need, one by one."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from botocore.exceptions import BotoCoreError, ClientError

from scim_cli import __version__
from scim_cli.connection import ADMIN_URL, TABLE, VERSION, outputs_of
from scim_cli.deployment.credentials import refusal, session, tried
from scim_cli.output import Format, output_options, show


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it passed, and what was found, in words."""

    checked: str
    is_well: bool
    found: str


@click.command()
@click.option("--stack", envvar="SCIM_STACK", help="The deployment's stack (SCIM_STACK).")
@click.option("--endpoint-url", help="Endpoint of an AWS emulator.")
@output_options
def doctor(stack: str | None, endpoint_url: str | None, form: Format) -> None:
    """Check credentials, region, stack and alarms, and explain what is wrong.

    Fails if something is wrong.
    """
    found = list(_findings(stack, endpoint_url))
    rows: list[dict[str, object]] = [
        {"checked": each.checked, "ok": each.is_well, "found": each.found} for each in found
    ]
    show(rows, form)
    if not all(each.is_well for each in found):
        raise click.exceptions.Exit(1)


def _findings(stack: str | None, endpoint_url: str | None) -> Iterator[Finding]:
    yield Finding("version", is_well=True, found=f"scim {__version__}")
    for place, there in tried():
        yield Finding(f"credentials: {place}", is_well=True, found=there)
    opened = session()
    yield Finding(
        "region",
        is_well=opened.region_name is not None,
        found=opened.region_name or "none: give --region, or set AWS_REGION",
    )
    who = _asked("identity", lambda: _identity(endpoint_url))
    yield who
    if not who.is_well:
        return
    if not stack:
        named = os.environ.get("SCIM_TABLE")
        yield Finding(
            "stack",
            is_well=bool(named),
            found=f"none; the table {named} is named"
            if named
            else "none: give --stack, or set SCIM_STACK",
        )
        return
    yield _asked(f"stack {stack}", lambda: _stack(stack, endpoint_url))
    yield _asked("alarms", lambda: _alarms(stack, endpoint_url))


def _asked(what: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except (BotoCoreError, ClientError) as error:
        return Finding(what, is_well=False, found=refusal(error).format_message())


def _identity(endpoint_url: str | None) -> Finding:
    answer = session().client("sts", endpoint_url=endpoint_url).get_caller_identity()
    return Finding("identity", is_well=True, found=answer["Arn"])


def _stack(stack: str, endpoint_url: str | None) -> Finding:
    outputs = outputs_of(stack, endpoint_url)
    missing = [name for name in (TABLE, ADMIN_URL) if name not in outputs]
    if missing:
        fault = f"has no output {', '.join(missing)}: deploy this version"
        return Finding(f"stack {stack}", is_well=False, found=fault)
    deployed = outputs.get(VERSION, "none")
    is_same = deployed.partition(",")[0] == __version__
    other = "" if is_same else f"; this command is {__version__}: deploy, or install that version"
    return Finding(f"stack {stack}", is_well=is_same, found=f"found, version {deployed}{other}")


def _alarms(stack: str, endpoint_url: str | None) -> Finding:
    watch = session().client("cloudwatch", endpoint_url=endpoint_url)
    pages = watch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{stack}-", StateValue="ALARM"
    )
    said = [
        each.get("AlarmDescription", each["AlarmName"])
        for page in pages
        for each in page["MetricAlarms"]
        if _is_of(stack, each["AlarmName"])
    ]
    return Finding("alarms", is_well=not said, found="; ".join(said) or "none in ALARM")


def _is_of(stack: str, alarm: str) -> bool:
    """Tell an alarm of `scim` from one of `scim-dev`: what CloudFormation puts behind the stack has one hyphen."""
    return alarm.removeprefix(f"{stack}-").count("-") == 1
