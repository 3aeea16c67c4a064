"""The command all others belong to."""

import click


@click.group()
def scim() -> None:
    """Administer a deployment of serverless-scim."""
