"""The audit: who changed what, what was refused, what administrators did, and which tolerances clients used."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from scim.moments import time_text
from scim.principal import is_client
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.moment import Moment
from scim_cli.output import note, show

_PAGE = 1000


@click.command()
@click.option("--tenant", required=True)
@click.option(
    "--since",
    "begin",
    type=Moment(),
    help="Only since this time, such as 24h ago: 24h; default all.",
)
@click.option(
    "--until", "end", type=Moment(), help="Only before this time, such as 2026-03-01T10:00:00Z."
)
@click.option("--resource", help="Only one resource: User/ID, or its id.")
@click.option("--principal", help="Only by this token id, owner, subject or IAM principal.")
@click.option(
    "--kind",
    type=click.Choice(("change", "refusal", "act")),
    help="Only of this kind; default all.",
)
@click.option(
    "--count", default=100, type=click.IntRange(1, 100_000), help="Maximum number of entries."
)
@connected
def audit(
    connection: Connection,
    *,
    tenant: str,
    begin: datetime | None,
    end: datetime | None,
    count: int,
    **criteria: str | None,
) -> None:
    """Show a tenant's changes, refused requests and administrators' acts.

    The newest entry comes first.
    """
    since = None if begin is None else time_text(begin)
    until = None if end is None else time_text(end)
    entries: list[dict[str, Any]] = []
    after: str | None = None
    while len(entries) < count:
        parameters = {
            **criteria,
            "since": since,
            "until": until,
            "after": after,
            "count": min(_PAGE, count - len(entries)),
        }
        page = connection.call("GET", path_of(tenant, "audit"), **parameters)
        entries += page["items"]
        after = page.get("next")
        if after is None:
            break
    is_whole = connection.format.is_for_program
    show(entries if is_whole else [row_of(entry) for entry in entries], connection.format)
    if after is not None:
        note("There are more entries: give a greater --count, or --until.")


def row_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a table shows of an entry."""
    principal = entry["principal"]
    # A client's tokens last an hour each, and their ids are in no list.
    names = (
        ("owner",)
        if is_client(principal.get("owner", ""))
        else ("actor", "token", "owner", "subject")
    )
    actor = next((principal[name] for name in names if name in principal), "")
    refusal = entry.get("why", "")
    rule = (
        refusal.get("rule", refusal.get("error", "")) if isinstance(refusal, Mapping) else refusal
    )
    attributes = sorted(
        {*entry.get("before", ()), *entry.get("after", ()), *entry.get("relations", ())}
    )
    return {
        "at": entry["at"],
        "kind": entry["kind"],
        "operation": entry["operation"],
        "resource": entry.get("resource", ""),
        "who": actor,
        "from": entry.get("address", ""),
        "what": rule or ", ".join(attributes) or entry.get("outcome", ""),
        "count": entry.get("count", 1),
    }


@click.command()
@click.option("--tenant", required=True)
@connected
def report(connection: Connection, tenant: str) -> None:
    """Show which tolerances a tenant's clients have used, how often and when last.

    Each is the name of a tolerance of its profile.
    """
    connection.show_items(path_of(tenant, "tolerances"))
