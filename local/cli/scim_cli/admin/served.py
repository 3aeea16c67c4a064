"""What a tenant is served, as the command line needs to know it."""

import click

from scim.profile import Profile
from scim.profile.shipped import UnknownProfile, names, shipped
from scim.schema.catalogue import Catalogue
from scim.schema.documents import DefinitionError
from scim.schema.loading import catalogue_of
from scim_cli.connection import Connection
from scim_cli.nearest import hint


def profile_named(name: str) -> Profile:
    """Return the profile; ends the command when there is none of that name."""
    try:
        return shipped(name)
    except UnknownProfile as unknown:
        raise click.ClickException(f"{unknown}{hint(name, names())}") from unknown


def catalogue_served(connection: Connection, tenant: str) -> Catalogue:
    """Return what a tenant is served by its profile and its own definitions, if it is there."""
    known = connection.access.tenants.find(tenant)
    return catalogue_under(connection, tenant, "" if known is None else known.profile)


def catalogue_under(connection: Connection, tenant: str, profile: str) -> Catalogue:
    """Return what a tenant would be served with a profile; ends the command where it cannot be."""
    own = connection.access.definitions.current(tenant).definitions
    try:
        return catalogue_of(profile_named(profile), own.additions())
    except DefinitionError as error:
        raise click.ClickException(
            f"The definitions of {tenant} and the profile do not fit: {error}."
        ) from error
