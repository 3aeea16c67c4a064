"""Links with which a customer's administrator sets up their provider alone."""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

import click

from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.service.administration.served import tenant_named
from scim.store.access.setup_links import SetupLink, SetupLinks
from scim_cli.connection import Connection, connected
from scim_cli.moment import Span, now, text_of
from scim_cli.output import note, show, show_one

BYTES = 32
"""Random bytes of a link's secret."""
_MOUNT = "/scim/v2"


@click.group()
def portal() -> None:
    """Make, list and revoke links to a tenant's setup portal."""


@portal.command()
@click.argument("tenant")
@click.option("--valid", type=Span(), default="7d", help="How long it can be opened, once.")
@click.option("--session", type=Span(), default="12h", help="How long what it opens lasts.")
@click.option("--contact", default="", help="Whom to mail with questions; the portal shows it.")
@click.option("--base-url", help="What stands before /scim/v2, where --table names the deployment.")
@connected
def link(
    connection: Connection,
    *,
    tenant: str,
    valid: timedelta,
    session: timedelta,
    contact: str,
    base_url: str | None,
) -> None:
    """Make a link to the portal of TENANT and print it: the only time it can be seen.

    Its secret stands behind the # of the URL, which browsers send to nobody. It opens once.
    """
    name = tenant_named(connection.administration, tenant).name
    base = base_of(connection, base_url)
    begun = now()
    made = SetupLink(
        link_id=secrets.token_hex(6),
        tenant=name,
        created_at=text_of(begun),
        expires_at=text_of(begun + valid),
        session_seconds=int(session.total_seconds()),
        contact=contact,
    )
    reveal(connection, made, f"{base}/setup/index.html")


@portal.command("list")
@click.argument("tenant")
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show a tenant's links, never their secrets."""
    found = links_of(connection).of_tenant(tenant_named(connection.administration, tenant).name)
    show([_row(each, now()) for each in found.values()], connection.format)


@portal.command()
@click.argument("tenant")
@click.argument("link_id")
@connected
def revoke(connection: Connection, tenant: str, link_id: str) -> None:
    """End a link now, and the session it has opened."""
    links = links_of(connection)
    for link_hash, known in links.of_tenant(
        tenant_named(connection.administration, tenant).name
    ).items():
        if known.link_id == link_id:
            links.revoke(link_hash, text_of(now()))
            note(f"Link {link_id} of tenant {tenant} opens nothing any more.")
            return
    raise click.ClickException(f"Tenant {tenant} has no link {link_id}.")


def links_of(connection: Connection) -> SetupLinks:
    """Return the links of a deployment."""
    return SetupLinks(table_of_credentials(connection.client, connection.table))


def base_of(connection: Connection, given: str | None) -> str:
    """Return what stands before `/scim/v2` and `/setup`, of what is given or known of the stack."""
    base = (given or connection.url).rstrip("/").removesuffix(_MOUNT)
    if not base:
        raise click.UsageError("Say --base-url: a table does not know where its service is.")
    return base


def reveal(connection: Connection, made: SetupLink, page: str) -> None:
    """Store a new link and print it, with its secret behind the #."""
    secret = secrets.token_urlsafe(BYTES)
    links_of(connection).save(hash_of(secret), made)
    if connection.format.is_for_program:
        show_one({**_row(made, now()), "url": f"{page}#{secret}"}, connection.format)
        return
    note(f"Link {made.link_id}, opens once until {made.expires_at}:")
    click.echo(f"{page}#{secret}")


def _row(link: SetupLink, moment: datetime) -> dict[str, object]:
    return {**asdict(link), "opens": not link.refusal(text_of(moment))}
