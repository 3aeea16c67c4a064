"""What a command answers: a table for a person, JSON for a program."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]


def show(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print several things that have the same members."""
    if as_json:
        click.echo(json.dumps(list(rows), indent=2, ensure_ascii=False))
        return
    if not rows:
        note("There are none.")
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    _console().print(table)


def show_one(row: Row, *, as_json: bool) -> None:
    """Print one thing, a member a line."""
    if as_json:
        click.echo(json.dumps(row, indent=2, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in row.items():
        table.add_row(name, _text(value))
    _console().print(table)


def note(text: str) -> None:
    """Say something beside the answer, where no program takes it for one."""
    click.echo(text, err=True)


def _console() -> Console:
    # A line must not break where nobody watches: programs read lines.
    width = None if sys.stdout.isatty() else 1000
    return Console(width=width, highlight=False, markup=False, emoji=False)


def _text(value: Any) -> str:
    match value:
        case None:
            return "-"
        case list() | tuple():
            return " ".join(map(str, value))
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
