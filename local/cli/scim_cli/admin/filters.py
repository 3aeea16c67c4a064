"""Filters of tokens and clients, as they are given on the command line."""

from collections.abc import Callable

import click


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


def filters_in(given: tuple[str, ...]) -> dict[str, str]:
    """Return the filters by resource type."""
    named: dict[str, str] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals or name in named:
            raise click.ClickException(f"{each}: expected one TYPE=FILTER for each type.")
        named[name] = text
    return named
