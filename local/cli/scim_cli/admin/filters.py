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


def filters_in(options: tuple[str, ...]) -> dict[str, str]:
    """Return the filters by resource type."""
    filters: dict[str, str] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not equals or name in filters:
            raise click.UsageError(f"{option}: expected one TYPE=FILTER for each type.")
        filters[name] = text
    return filters
