"""`scim fsck`."""

import click

from scim.fsck.mending import confirmed_report, mended
from scim_cli.connection import Connection, connected
from scim_cli.output import show_one


@click.command()
@click.option(
    "--repair",
    is_flag=True,
    help="Repair what follows from other items, as after a restore between two writes.",
)
@connected
def fsck(connection: Connection, repair: bool) -> None:  # noqa: FBT001 - click gives it by name
    """Check the consistency of the stored items. Reads the whole table, in bounded memory.

    If it finds a violation, it reads the table again and reports what both readings found, so that
    concurrent writes cause no false violations. Without --repair nothing is changed.
    """
    table = connection.patient_client, connection.table
    count, report = mended(*table) if repair else (0, confirmed_report(*table))
    numbers: dict[str, object] = {
        "items": report.items,
        "openJobs": report.open,
        "violations": len(report.wrong),
    }
    if repair:
        numbers["repaired"] = count
    if connection.format.is_for_program:
        show_one({**numbers, "found": list(map(str, report.wrong))}, connection.format)
    else:
        for line in report.wrong:
            click.echo(line)
        click.echo(_in_words(numbers))
    if report.wrong:
        raise click.exceptions.Exit(1)


def _in_words(numbers: dict[str, object]) -> str:
    text = "{items} items, {openJobs} open jobs, {violations} violations".format(**numbers)
    return f"{text}, {numbers['repaired']} repaired" if "repaired" in numbers else text
