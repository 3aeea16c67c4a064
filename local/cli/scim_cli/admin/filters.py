"""Filters of tokens and clients, as they are given on the command line and kept as text."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from scim.errors import InvalidFilter
from scim.service.visibility.filters import token_filters_of
from scim_cli.admin.served import catalogue_served
from scim_cli.connection import Connection


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option that limits what is seen."""
    return click.option(
        "--filter",
        "filters",
        multiple=True,
        metavar="TYPE=FILTER",
        help="What is seen of a resource type, * for all; of types without one nothing is."
        " Without any filter everything is seen.",
    )(command)


def filters_in(connection: Connection, tenant: str, given: tuple[str, ...]) -> str | None:
    """Return the filters as they are kept, None where there are none."""
    named: dict[str, str] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals or name in named:
            raise click.ClickException(f"{each}: expected one TYPE=FILTER for each type.")
        named[name] = text
    return checked(connection, tenant, named) if named else None


def checked(connection: Connection, tenant: str, filters: Mapping[str, Any]) -> str:
    """Return filters as they are kept, having held them against what the tenant serves."""
    text = json.dumps(filters, separators=(",", ":"))
    try:
        token_filters_of(text, catalogue_served(connection, tenant))
    except InvalidFilter as error:
        raise click.ClickException(str(error)) from error
    return text
