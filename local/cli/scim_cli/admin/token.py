"""Tokens: made here, shown once, stored as a hash."""

import re
import secrets
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import click

from scim.access.tenant import Known, Tenant
from scim.access.token import StoredToken, hash_of
from scim.profile.shipped import settled
from scim.service.system import minted
from scim_cli.admin.ended_jobs import end_jobs
from scim_cli.admin.filters import filter_options, filters_in
from scim_cli.admin.scope import scopes_for
from scim_cli.admin.tenant import require_name, tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.moment import Span, now, text_of
from scim_cli.output import note, show, show_one

_SUBJECT = re.compile(r"(?:id|userName|externalId):.{1,512}")


@click.group()
def token() -> None:
    """Make, list, rotate and revoke tokens."""


@token.command()
@click.option("--tenant", required=True)
@click.option("--create", "makes_tenant", is_flag=True, help="Make the tenant when it is new.")
@click.option("--label", default="", help="What the token is for; shown in lists.")
@click.option("--days", default=365, type=click.IntRange(1, 3650), help="How long it is valid.")
@click.option("--starts-in", type=Span(), default="0m", help="When it begins to be valid.")
@click.option("--scope", "scopes", multiple=True, help="What it allows; may be repeated. Else all.")
@click.option("--subject", help="Whose resource /Me is: id:…, userName:… or externalId:….")
@filter_options
@connected
def create(  # noqa: PLR0913 - an option each
    connection: Connection,
    *,
    tenant: str,
    makes_tenant: bool,
    label: str,
    days: int,
    starts_in: timedelta,
    scopes: tuple[str, ...],
    subject: str | None,
    filters: tuple[str, ...],
) -> None:
    """Make a token and print it: the only time it can be seen.

    A scope is a permission such as users:view, or several: users:*, *:view, *.
    """
    if makes_tenant:
        require_name(tenant)
    else:
        tenant_named(connection, tenant)
    scopes = scopes_for(connection, tenant, scopes)
    _require_own_tokens(connection, tenant)
    if subject is not None and _SUBJECT.fullmatch(subject) is None:
        raise click.ClickException("A subject is id:…, userName:… or externalId:….")
    limits = filters_in(connection, tenant, filters)
    if makes_tenant:
        _make(connection, tenant)
    begun = now()
    made = StoredToken(
        token_id=secrets.token_hex(6),
        tenant=tenant,
        scopes=scopes,
        label=label,
        created_at=text_of(begun),
        expires_at=text_of(begun + starts_in + timedelta(days=days)),
        not_before=text_of(begun + starts_in) if starts_in else None,
        subject=subject,
        filters=limits,
    )
    secret = minted(made.token_id)
    connection.access.tokens.save(hash_of(secret), made)
    _reveal(connection, made, secret)


@token.command("list")
@click.option("--tenant", required=True)
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show a tenant's tokens, never their secrets."""
    known = connection.access.tokens.of_tenant(tenant_named(connection, tenant).name)
    show([_row(each, now()) for each in known.values()], connection.format)


@token.command()
@click.argument("token_id")
@click.option("--tenant", required=True)
@click.option("--overlap", type=Span(), default="7d", help="How long the old one stays valid.")
@click.option("--days", default=365, type=click.IntRange(1, 3650), help="How long the new one is.")
@connected
def rotate(
    connection: Connection, token_id: str, tenant: str, overlap: timedelta, days: int
) -> None:
    """Make a token like TOKEN_ID, which ends after the overlap: until then both are valid."""
    old_hash, old = _found(connection, tenant, token_id)
    begun = now()
    if not old.is_valid(text_of(begun)):
        raise click.ClickException(f"Token {token_id} is not valid; make a new one.")
    new = replace(
        old,
        token_id=secrets.token_hex(6),
        created_at=text_of(begun),
        expires_at=text_of(begun + timedelta(days=days)),
        not_before=None,
        used_at=None,
        family=old.family or old.token_id,
    )
    secret = minted(new.token_id)
    ending = replace(old, expires_at=min(old.expires_at, text_of(begun + overlap)))
    connection.access.tokens.save_all({hash_of(secret): new, old_hash: ending})
    note(f"Token {token_id} is valid until {ending.expires_at}.")
    _reveal(connection, new, secret)


@token.command()
@click.argument("token_id")
@click.option("--tenant", required=True)
@connected
def revoke(connection: Connection, token_id: str, tenant: str) -> None:
    """End TOKEN_ID and its jobs now; the last request it opens is less than a minute away."""
    token_hash, known = _found(connection, tenant, token_id)
    revoked = replace(known, revoked_at=known.revoked_at or text_of(now()))
    connection.access.tokens.save(token_hash, revoked)
    end_jobs(
        connection,
        tenant,
        "The token is revoked.",
        lambda job: token_id in (job.token_id, job.starter_token),
    )
    show_one(_row(revoked, now()), connection.format)


def _require_own_tokens(connection: Connection, tenant: str) -> None:
    """Refuse a token that nothing would take."""
    known = connection.access.tenants.find(tenant)
    if known is not None and settled(known.profile).auth.minted_only:
        raise click.ClickException(
            f"Tenant {tenant} takes tokens of the token endpoint only; make a client."
        )


def _make(connection: Connection, name: str) -> None:
    try:
        connection.access.tenants.create(Tenant(name, text_of(now())))
    except Known:
        return
    note(f"Tenant {name} is new.")


def _found(connection: Connection, tenant: str, token_id: str) -> tuple[str, StoredToken]:
    known = connection.access.tokens.of_tenant(tenant_named(connection, tenant).name)
    for token_hash, each in known.items():
        if each.token_id == token_id:
            return token_hash, each
    raise click.ClickException(f"Tenant {tenant} has no token {token_id}.")


def _reveal(connection: Connection, made: StoredToken, secret: str) -> None:
    if connection.format.is_for_program:
        show_one({**_row(made, now()), "token": secret}, connection.format)
        return
    note(f"Token {made.token_id} of tenant {made.tenant}, valid until {made.expires_at}:")
    click.echo(secret)


def _row(token: StoredToken, moment: datetime) -> dict[str, object]:
    return {**asdict(token), "valid": token.is_valid(text_of(moment))}
