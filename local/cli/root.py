"""The command all others belong to."""

import click

FORMATS = ("bulk", "ndjson", "csv")
"""How a directory can be written into a file."""


@click.group()
def scim() -> None:
    """Administer a deployment of serverless-scim."""
