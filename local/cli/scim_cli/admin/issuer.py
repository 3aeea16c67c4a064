"""Issuers: whose tokens a tenant accepts beside its own."""

import json
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from scim.access.issuer import Issuer, document_of, entra, issuer_of
from scim.principal import issuer_owner
from scim.store.access.issuers import hash_of
from scim_cli.admin.ended_jobs import end_jobs
from scim_cli.admin.filters import checked
from scim_cli.admin.scope import scopes_for
from scim_cli.admin.tenant import tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.output import note, show, show_one


@click.group()
def issuer() -> None:
    """Say whose tokens a tenant accepts beside its own."""


@issuer.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True)
@connected
def add(connection: Connection, document: Path, tenant: str) -> None:
    """Trust the issuer described by the JSON in DOCUMENT, or on other terms than before."""
    name = tenant_named(connection, tenant).name
    try:
        described = issuer_of(json.loads(document.read_text("utf-8")), name)
    except (ValueError, TypeError) as error:
        raise click.ClickException(f"{document}: {_reason(error)}") from error
    _save(connection, name, described)


@issuer.command("add-entra")
@click.argument("directory", type=click.UUID)
@click.option("--tenant", required=True)
@click.option("--scope", "scopes", multiple=True, default=["*"])
@connected
def add_entra(
    connection: Connection, directory: object, tenant: str, scopes: tuple[str, ...]
) -> None:
    """Trust Entra's own tokens of DIRECTORY: what it sends when its token field is blank."""
    scopes_for(connection, tenant, scopes)
    name = tenant_named(connection, tenant).name
    _save(connection, name, entra(name, str(directory), scopes))


@issuer.command("list")
@click.option("--tenant", required=True)
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show whom a tenant trusts."""
    known = connection.access.issuers.of_tenant(tenant_named(connection, tenant).name)
    rows: list[dict[str, Any]] = [dict(each) for each in known]
    if not connection.format.is_for_program:
        rows = [{"issuer": each["issuer"], "kind": each["kind"]} for each in rows]
    show(rows, connection.format)


@issuer.command()
@click.argument("issuer_name", metavar="ISSUER")
@click.option("--tenant", required=True)
@connected
def remove(connection: Connection, issuer_name: str, tenant: str) -> None:
    """Trust ISSUER, the value of its claim `iss`, no longer. In force within a minute."""
    name = tenant_named(connection, tenant).name
    connection.access.issuers.remove(name, issuer_name)
    owners = issuer_owner(hash_of(issuer_name), "")
    end_jobs(
        connection,
        name,
        "The issuer is trusted no longer.",
        lambda job: job.owner.startswith(owners) or job.starter.startswith(owners),
    )
    if connection.format.is_for_program:
        show_one({"tenant": name, "issuer": issuer_name, "removed": True}, connection.format)
    else:
        note(f"Tenant {name} does not trust {issuer_name}.")


def _save(connection: Connection, tenant: str, described: Issuer) -> None:
    if described.filters:
        checked(connection, tenant, described.filters)
    document = document_of(described)
    connection.access.issuers.save(tenant, described.issuer, document)
    show_one({"tenant": tenant, **document}, connection.format)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
