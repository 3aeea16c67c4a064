"""Tokens: made here, shown once, stored as a hash."""

import secrets
from datetime import UTC, datetime, timedelta

import boto3
import click

from scim.store.tokens import Token, hash_of, minted, save


@click.group()
def token() -> None:
    """Make tokens."""


@token.command()
@click.option("--tenant", required=True, help="The tenant the token belongs to.")
@click.option("--table", required=True, help="The table of the deployment (output TableName).")
@click.option("--endpoint-url", help="Another DynamoDB than AWS's, such as an emulator.")
@click.option("--label", default="", help="What the token is for; shown in lists.")
@click.option("--days", default=365, type=click.IntRange(1, 3650), help="How long it is valid.")
def create(tenant: str, table: str, endpoint_url: str | None, label: str, days: int) -> None:
    """Make a token and print it: the only time it can be seen."""
    now = datetime.now(UTC)
    made = Token(
        token_id=secrets.token_hex(6),
        tenant=tenant,
        scopes=("*",),
        label=label,
        created_at=_text(now),
        expires_at=_text(now + timedelta(days=days)),
    )
    secret = minted(made.token_id)
    client = boto3.client("dynamodb", endpoint_url=endpoint_url)
    save(client, table, hash_of(secret), made)
    click.echo(
        f"Token {made.token_id} of tenant {tenant}, valid until {made.expires_at}:", err=True
    )
    click.echo(secret)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
