"""Filters of tokens and clients on the command line."""

from collections.abc import Callable

import click


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option that limits what a token can see."""
    return click.option(
        "--filter",
        "filters",
        multiple=True,
        metavar="TYPE=FILTER",
        help="Visible resources of a type, * for all; types without a filter are hidden."
        " Without any filter everything is visible.",
    )(command)


def filters_in(given: tuple[str, ...]) -> dict[str, str]:
    """Return the filters by resource type."""
    named: dict[str, str] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals or name in named:
            raise click.ClickException(f"{each}: expected one TYPE=FILTER for each type.")
        named[name] = text
    return named
