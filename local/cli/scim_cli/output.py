"""What a command answers: a table for a person, JSON or YAML for a program."""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import wraps
from typing import Any

import click
import yaml
from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]

_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Format(StrEnum):
    """The form of an answer on the output."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"

    @property
    def is_for_program(self) -> bool:
        """Tell whether a program will read the answer: then all of it is said, in one document."""
        return self is not Format.TABLE


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose the form of its answer, as `form`."""

    @click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice([each.value for each in Format]),
        default=Format.TABLE.value,
        help="Output format.",
    )
    @click.option("--json", "wants_json", is_flag=True, help="The same as -o json.")
    @wraps(command)
    def call(*args: Any, form: str, wants_json: bool, **options: Any) -> None:
        command(*args, form=Format.JSON if wants_json else Format(form), **options)

    return call


def show(rows: Sequence[Row], form: Format) -> None:
    """Print several things that have the same members."""
    if form.is_for_program:
        _print(list(rows), form)
        return
    if not rows:
        note("There are none.")
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    _console().print(table)


def show_one(row: Row, form: Format) -> None:
    """Print one thing, a member a line."""
    if form.is_for_program:
        _print(row, form)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in row.items():
        table.add_row(name, _text(value))
    _console().print(table)


def note(text: str) -> None:
    """Say something beside the answer, where no program takes it for one."""
    click.echo(shown_of(text), err=True)


def shown_of(text: str) -> str:
    """Return a text without what would steer a terminal, or turn the line around: that is written out."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _print(value: object, form: Format) -> None:
    # What JSON cannot carry, such as a tuple, YAML would tag as Python's.
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if form is Format.YAML:
        text = yaml.safe_dump(json.loads(text), sort_keys=False, allow_unicode=True).rstrip("\n")
    click.echo(text)


def _console() -> Console:
    # A line must not break where nobody watches: programs read lines.
    width = None if sys.stdout.isatty() else 1000
    return Console(width=width, highlight=False, markup=False, emoji=False)


def _text(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case list() | tuple():
            return " ".join(map(_text, value)) or "-"
        case dict():
            return shown_of(json.dumps(value, ensure_ascii=False))
        case bool():
            return "yes" if value else "no"
        case _:
            return shown_of(str(value))
