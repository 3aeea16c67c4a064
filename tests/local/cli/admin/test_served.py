"""What a tenant is served, as the command line knows it."""

import click
import pytest

from scim.access.tenant import Tenant
from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from scim_cli.admin.served import catalogue_served, catalogue_under, profile_named
from scim_cli.connection import Connection
from scim_cli.output import Format
from tests.fakes.devices import DOCUMENT, document
from tests.local.cli.conftest import Operator


@pytest.fixture(name="connection")
def _connection(operator: Operator) -> Connection:
    access = operator.access
    access.tenants.create(Tenant("acme", "2026", "okta"))
    access.definitions.put("acme", DefinitionVersion(1, definitions_of(DOCUMENT), "2026"), 10)
    return Connection(operator.client, operator.table, access, Format.JSON)


def test_a_tenant_is_served_its_profile_and_its_own(connection: Connection) -> None:
    assert catalogue_served(connection, "acme").by_endpoint("Devices") is not None
    assert catalogue_served(connection, "nobody").by_endpoint("Devices") is None
    assert catalogue_served(connection, "nobody").by_endpoint("Users") is not None


def test_a_profile_nobody_knows_ends_the_command() -> None:
    assert profile_named("").name == "default"
    with pytest.raises(click.ClickException, match="There is no profile nobody"):
        profile_named("nobody")


def test_what_does_not_fit_ends_the_command(connection: Connection) -> None:
    broken = DefinitionVersion(2, definitions_of(document(variables={})), "2026")
    connection.access.definitions.put("acme", broken, 10)
    with pytest.raises(click.ClickException, match="The definitions of acme and the profile"):
        catalogue_under(connection, "acme", "rfc")
