"""`scim fsck`."""

import click

from scim_cli.connection import Connection, connected
from scim_cli.fsck.check import open_work, violations
from scim_cli.output import show_one


@click.command()
@connected
def fsck(connection: Connection) -> None:
    """Check what is stored against itself. Reads the whole table, and changes nothing."""
    pages = connection.client.get_paginator("scan").paginate(
        TableName=connection.table, ConsistentRead=True
    )
    items = [item for page in pages for item in page["Items"]]
    wrong = violations(items)
    told = {"items": len(items), "openJobs": len(open_work(items)), "violations": len(wrong)}
    if connection.format.is_for_program:
        show_one({**told, "found": wrong}, connection.format)
    else:
        for line in wrong:
            click.echo(line)
        click.echo("{items} items, {openJobs} open jobs, {violations} violations".format(**told))
    if wrong:
        raise click.exceptions.Exit(1)
