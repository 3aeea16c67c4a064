"""Breakers: how much can be removed from a tenant's directory before an operator has to agree."""

from datetime import UTC, datetime
from typing import Any

import click

from scim.moments import time_text
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import show_one


@click.group(cls=Group)
def breaker() -> None:
    """Show, set and release the guard against mass deletions."""


@breaker.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's breaker: whether it is open, its limits, and the rest of the window."""
    _show(connection, connection.call("GET", path_of(tenant, "breaker")))


@breaker.command("set")
@click.option("--tenant", required=True)
@click.option("--number", type=click.IntRange(0), help="Removals in a window; 0 means no limit.")
@click.option(
    "--percent",
    type=click.IntRange(0, 100),
    help="The same in percent of existing resources; 0 means no limit.",
)
@connected
def set_(connection: Connection, tenant: str, number: int | None, percent: int | None) -> None:
    """Set a tenant's own limits; omitted ones are the deployment's (BreakerNumber)."""
    path = path_of(tenant, "breaker")
    _show(connection, connection.call("PUT", path, number=number, percent=percent))


@breaker.command()
@click.option("--tenant", required=True)
@click.option(
    "--allow", type=click.IntRange(1), help="Removals allowed in the next window; default as usual."
)
@connected
def release(connection: Connection, tenant: str, allow: int | None) -> None:
    """Allow deletions, deactivations and removals of members again, at once."""
    path = path_of(tenant, "breaker", "release")
    _show(connection, connection.call("POST", path, allow=allow))


def _show(connection: Connection, state: dict[str, Any]) -> None:
    """Show a breaker; a table omits the numbers of a window that has not begun."""
    if not connection.format.is_for_program:
        window_start = state["window_began"]
        state = {
            **state,
            "window_began": time_text(datetime.fromtimestamp(window_start, UTC))
            if window_start
            else None,
        }
        if not window_start:
            state = {**state, "allowed": None, "left": None}
    show_one(state, connection.format)
