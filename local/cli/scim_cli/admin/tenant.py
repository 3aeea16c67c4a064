"""Tenants: made, shown, changed, suspended and forgotten."""

from dataclasses import asdict, replace

import click

from scim.access.tenant import SCHEMES, USUAL_SCHEMES, Known, Tenant
from scim.resource.job import Status
from scim.store.keys.directory import NAME
from scim_cli.admin.ended_jobs import end_jobs
from scim_cli.admin.served import profile_named
from scim_cli.connection import Connection, connected
from scim_cli.moment import now, text_of
from scim_cli.nearest import hint
from scim_cli.output import note, show, show_one

RESERVED = frozenset({"scim", "oauth2"})
"""What stands at the beginning of paths that are not a tenant's."""


@click.group()
def tenant() -> None:
    """Make, show and change tenants."""


@tenant.command()
@click.argument("name")
@click.option("--profile", default="", help="What its clients rely on; see profile list.")
@click.option("--rate", type=click.IntRange(1), help="Requests a second; else the deployment's.")
@click.option(
    "--scheme",
    "schemes",
    multiple=True,
    type=click.Choice(SCHEMES),
    help="How clients may send tokens; may be repeated. Else as the profile says.",
)
@connected
def create(
    connection: Connection, name: str, profile: str, rate: int | None, schemes: tuple[str, ...]
) -> None:
    """Make the tenant NAME."""
    require_name(name)
    known = profile_named(profile)
    usual = known.auth.schemes or USUAL_SCHEMES
    made = Tenant(name, text_of(now()), profile, schemes or usual, rate)
    try:
        connection.access.tenants.create(made)
    except Known as known:
        raise click.ClickException(f"There is a tenant {name} already.") from known
    show_one(_row(made), connection.format)


@tenant.command("list")
@connected
def list_(connection: Connection) -> None:
    """Show all tenants."""
    tenants = connection.access.tenants
    found = [known for name in tenants.names() if (known := tenants.find(name)) is not None]
    show([_row(each) for each in found], connection.format)


@tenant.command("show")
@click.argument("name")
@connected
def show_(connection: Connection, name: str) -> None:
    """Show what is settled for the tenant NAME."""
    show_one(_row(tenant_named(connection, name)), connection.format)


@tenant.command("set")
@click.argument("name")
@click.option("--scheme", "schemes", multiple=True, required=True, type=click.Choice(SCHEMES))
@connected
def set_(connection: Connection, name: str, schemes: tuple[str, ...]) -> None:
    """Say how clients of the tenant NAME may send tokens. In force within a minute."""
    _save(connection, replace(tenant_named(connection, name), schemes=schemes))


@tenant.command()
@click.argument("name")
@connected
def suspend(connection: Connection, name: str) -> None:
    """Refuse every token of the tenant NAME, and end its jobs. In force within a minute."""
    _save(connection, replace(tenant_named(connection, name), suspended_at=text_of(now())))
    # An execution with the same input takes them up again when it is resumed.
    end_jobs(connection, name, "The tenant is suspended.", status=Status.FAILED)


@tenant.command()
@click.argument("name")
@connected
def resume(connection: Connection, name: str) -> None:
    """Accept the tokens of the tenant NAME again."""
    _save(connection, replace(tenant_named(connection, name), suspended_at=None))


@tenant.command()
@click.argument("name")
@click.confirmation_option(
    prompt="Its tokens, clients, issuers and definitions are forgotten. Go on?"
)
@connected
def delete(connection: Connection, name: str) -> None:
    """Forget the tenant NAME and what opens it. What its directory holds stays.

    That is its tokens, clients and issuers, and what it has defined for itself.
    """
    access = connection.access
    tenant_named(connection, name)
    # First the settings: from then on nothing opens the directory, whatever happens to the rest.
    access.tenants.remove(name)
    end_jobs(connection, name, "The tenant is forgotten.")
    access.tokens.remove(access.tokens.of_tenant(name))
    for document in access.issuers.of_tenant(name):
        access.issuers.remove(name, document["issuer"])
    for client in access.clients.of_tenant(name):
        access.clients.remove(client)
    access.definitions.remove(name)
    if connection.format.is_for_program:
        show_one({"name": name, "deleted": True}, connection.format)
    else:
        note(f"Tenant {name} is forgotten; its directory is still in the table.")


def require_name(name: str) -> None:
    """End the command unless a tenant may have the name."""
    if NAME.fullmatch(name) is None or name in RESERVED:
        raise click.ClickException(
            "A tenant's name has 1 to 64 letters, digits, hyphens and underscores"
            f" and is none of {', '.join(sorted(RESERVED))}."
        )


def tenant_named(connection: Connection, name: str) -> Tenant:
    """Return the tenant; ends the command when there is none of that name."""
    found = connection.access.tenants.find(name) if NAME.fullmatch(name) else None
    if found is None:
        near = hint(name, connection.access.tenants.names())
        raise click.ClickException(f"There is no tenant {name}.{near}")
    return found


def _save(connection: Connection, changed: Tenant) -> None:
    connection.access.tenants.save(changed)
    show_one(_row(changed), connection.format)


def _row(tenant: Tenant) -> dict[str, object]:
    return asdict(tenant)
