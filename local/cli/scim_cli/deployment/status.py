"""`scim status`: shows the deployment and the state of each tenant."""

from collections import Counter

import click

from scim_cli import __version__
from scim_cli.connection import Connection, connected
from scim_cli.output import note, show


@click.command()
@connected
def status(connection: Connection) -> None:
    """Show the deployment and the state of each tenant.

    The first of these that applies: suspended; breaker-open; failing: many refusals in the last
    hour; no-token: no valid token, client or issuer; never: no token was used yet; silent: none for
    SilentDays; token-expires: the last token ends within TokenWarningDays; healthy.
    """
    rows = connection.items("/status")
    note(f"scim {__version__}, table {connection.table}")
    if connection.stack:
        note(f"Stack {connection.stack}, version {connection.version or 'before 0.1.0'}")
    if connection.url:
        note(f"Base URL {connection.url}")
    counts = Counter(row["state"] for row in rows)
    numbers = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    note(f"{len(rows)} tenants: {numbers or 'none'}")
    show(rows, connection.format)
