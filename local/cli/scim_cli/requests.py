"""The last requests of a tenant, from the request log."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from scim_cli.output import json_text, show
from scim_cli.service import Service, serviced

PAUSE = 2.0
"""Seconds between two looks for new ones."""


@click.command()
@click.option(
    "--count", default=50, type=click.IntRange(1, 1000), help="Number of the last requests."
)
@click.option(
    "--follow", is_flag=True, help="Continue with new requests, one JSON object in each line."
)
@serviced
def requests(service: Service, count: int, follow: bool) -> None:  # noqa: FBT001 - as click calls it
    """Show the last requests of a tenant's clients, values as pseudonyms."""
    entries, _ = service.page(f"/Requests?count={count}")
    if not follow:
        is_whole = service.format.is_for_program
        show(entries if is_whole else [row_of(entry) for entry in entries], service.format)
        return
    last = 0
    while True:
        for entry in entries:
            click.echo(json_text(entry))
            last = entry["number"]
        time.sleep(PAUSE)
        entries, _ = service.page(f"/Requests?after={last}&count=1000")


def row_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a table shows of a request."""
    sent_at = datetime.fromtimestamp(entry["at"] / 1000, UTC) if "at" in entry else None
    when = "" if sent_at is None else sent_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    columns = {name: entry.get(name, "") for name in ("number", "operation", "status", "client")}
    if entry.get("dryRun"):
        columns["operation"] += " (dry run)"
    return {
        "at": when,
        **columns,
        "tolerated": ", ".join(entry.get("tolerated", ())),
        "refused": _reason_in(entry),
    }


def _reason_in(entry: Mapping[str, Any]) -> str:
    """Return why a request was refused, or the first refused operation of a bulk request; else an empty text."""
    operations = entry.get("refusedOperations")
    if not operations:
        return _reason(entry.get("refused") or {})
    first, others = operations["first"][0], operations["number"] - 1
    more = f" (and {others} more)" if others else ""
    return f"Operations[{first['position']}] {first['operation']}: {_reason(first)}{more}"


def _reason(refusal: Mapping[str, Any]) -> str:
    return " ".join(str(refusal[name]) for name in ("attribute", "rule") if name in refusal)
