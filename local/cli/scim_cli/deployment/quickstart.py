"""`scim quickstart`: prepares a deployment for its first identity provider."""

import secrets
from typing import Any

import click

from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.deployment.try_connection import findings, require_well
from scim_cli.http_client import http_client, local_client
from scim_cli.output import note, show_one
from scim_cli.service import Service, TokenAuth

_DAYS = 90
_IDPS = ("default", "entra", "okta", "rfc", "interop-strict")
"""Profiles for identity providers; the others stand in for products that have their own clients."""
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@click.command()
@click.argument("tenant", default="quickstart")
@click.option("--idp", type=click.Choice(_IDPS), default="default", help="A new tenant's profile.")
@click.option(
    "--url", default="", show_default=False, help="The base URL, if the stack does not have it."
)
@connected
def quickstart(connection: Connection, tenant: str, idp: str, url: str) -> None:
    """Create TENANT and a token, test them, and print the values for an identity provider."""
    base = url or connection.url
    if not base:
        raise click.UsageError("Give --url, or the deployment's stack.")
    _create_tenant(connection, tenant, idp)
    secret = _token(connection, tenant)
    for finding in (results := findings(base, secret)):
        note(f"{'ok' if finding.is_well else 'NO':4}{finding.question}: {finding.explanation}")
    require_well(results)
    note(_try_user(connection, base, secret))
    values = {"tenant": tenant, "baseUrl": base, "token": secret, "validDays": _DAYS}
    show_one(values, connection.format)
    note(
        "Enter the base URL and the token in your identity provider; docs/identity-providers.md"
        " names the fields. The token cannot be shown again."
    )


def _create_tenant(connection: Connection, name: str, idp: str) -> None:
    names = {row["name"] for row in connection.items("/tenants")}
    if name in names:
        note(f"Tenant {name} exists already.")
        return
    connection.call("POST", "/tenants", name=name, profile=idp)
    note(f"Tenant {name} is created.")


def _token(connection: Connection, tenant: str) -> str:
    parameters = {"label": "quickstart", "days": _DAYS, "scopes": ["*"]}
    new_token = connection.call("POST", path_of(tenant, "tokens"), **parameters)
    return str(new_token["token"])


def _try_user(connection: Connection, base: str, secret: str) -> str:
    """Create a user, find it and delete it; return a sentence that reports this."""
    name = f"{secrets.token_hex(4)}@quickstart.invalid"
    with local_client() if connection.is_local else http_client() as http:
        service = Service(base, TokenAuth(secret), http)
        user = service.call("POST", "/Users", {"schemas": [_USER], "userName": name})
        listing: dict[str, Any] = service.call(
            "GET", "/Users", query={"filter": f'userName eq "{name}"'}
        )
        service.call("DELETE", f"/Users/{user['id']}")
    return f"A user was created, found ({listing['totalResults']}) and deleted."
