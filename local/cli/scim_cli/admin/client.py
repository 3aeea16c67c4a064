"""Clients of the token endpoint: what proves them, and what their tokens may do."""

import json
import secrets
from dataclasses import asdict, replace
from pathlib import Path

import click

from scim.access.client import OAuthClient
from scim.access.issuer import is_trusted_url
from scim.access.token import hash_of
from scim.principal import client_owner
from scim.service.system import minted
from scim_cli.admin.ended_jobs import end_jobs
from scim_cli.admin.filters import filter_options, filters_in
from scim_cli.admin.scope import scopes_for
from scim_cli.admin.tenant import tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.moment import now, text_of
from scim_cli.output import note, show, show_one

_MOST_SECRETS = 2
_PUBLIC = {"kty", "crv", "n", "e", "x", "y", "kid", "use", "alg", "key_ops"}


@click.group()
def client() -> None:
    """Make, list, rotate and revoke clients of the token endpoint."""


@client.command()
@click.option("--tenant", required=True)
@click.option("--label", default="", help="What the client is; shown in lists.")
@click.option("--scope", "scopes", multiple=True, help="What its tokens may do; else all.")
@click.option("--jwks", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jwks-uri", default="", help="Where the client publishes its keys.")
@filter_options
@connected
def create(
    connection: Connection,
    tenant: str,
    label: str,
    scopes: tuple[str, ...],
    jwks: Path | None,
    jwks_uri: str,
    filters: tuple[str, ...],
) -> None:
    """Make a client: known by its keys, else by a secret that is printed now and never again."""
    scopes = scopes_for(connection, tenant, scopes)
    if jwks_uri and not is_trusted_url(jwks_uri):
        raise click.ClickException("The keys of a client are at an https URL.")
    made = OAuthClient(
        client_id=secrets.token_hex(8),
        tenant=tenant_named(connection, tenant).name,
        scopes=scopes,
        label=label,
        created_at=text_of(now()),
        jwks=_public_keys(jwks) if jwks else "",
        jwks_uri=jwks_uri,
        filters=filters_in(connection, tenant, filters) or "",
    )
    if made.jwks or made.jwks_uri:
        connection.access.clients.save(made)
        show_one(_row(made), connection.format)
    else:
        _save_with_new_secret(connection, made)


@client.command("list")
@click.option("--tenant", required=True)
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show a tenant's clients, never their secrets."""
    known = connection.access.clients.of_tenant(tenant_named(connection, tenant).name)
    show([_row(each) for each in known], connection.format)


@client.command()
@click.argument("client_id")
@click.option("--tenant", required=True)
@connected
def rotate(connection: Connection, client_id: str, tenant: str) -> None:
    """Give CLIENT_ID another secret; the one before stays good until the next rotation."""
    _save_with_new_secret(connection, _found(connection, tenant, client_id))


@client.command()
@click.argument("client_id")
@click.option("--tenant", required=True)
@connected
def revoke(connection: Connection, client_id: str, tenant: str) -> None:
    """End CLIENT_ID and its jobs now; the last request its tokens open is less than a minute away."""
    known = _found(connection, tenant, client_id)
    revoked = replace(known, revoked_at=known.revoked_at or text_of(now()), secret_hashes=())
    connection.access.clients.save(revoked)
    owner = client_owner(client_id)
    end_jobs(
        connection,
        tenant,
        "The client is revoked.",
        lambda job: owner in (job.owner, job.starter),
    )
    show_one(_row(revoked), connection.format)


def _found(connection: Connection, tenant: str, client_id: str) -> OAuthClient:
    for each in connection.access.clients.of_tenant(tenant_named(connection, tenant).name):
        if each.client_id == client_id:
            return each
    raise click.ClickException(f"Tenant {tenant} has no client {client_id}.")


def _save_with_new_secret(connection: Connection, client: OAuthClient) -> None:
    secret = minted(client.client_id)
    hashes = (hash_of(secret), *client.secret_hashes)[:_MOST_SECRETS]
    connection.access.clients.save(replace(client, secret_hashes=hashes))
    if connection.format.is_for_program:
        show_one({**_row(client), "secret": secret}, connection.format)
        return
    note(f"Client {client.client_id} of tenant {client.tenant}:")
    click.echo(secret)


def _public_keys(file: Path) -> str:
    """Return a key set's public members: a private key that was given by mistake stays outside."""
    try:
        keys = json.loads(file.read_text("utf-8"))["keys"]
        public = [{name: key[name] for name in key if name in _PUBLIC} for key in keys]
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{file} is no key set: {{'keys': [...]}}.") from error
    return json.dumps({"keys": public}, separators=(",", ":"))


def _row(client: OAuthClient) -> dict[str, object]:
    held = asdict(client)
    del held["secret_hashes"]
    return held
