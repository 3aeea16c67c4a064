"""The output of a command: a table for a person, JSON or YAML for a program."""

import codecs
import io
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import wraps
from typing import Any

import click
import yaml
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]

_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_NOTHING, _GAP, _UNWATCHED = "-", 2, 1000


class OutputFormat(StrEnum):
    """The format of a command's output."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"

    @property
    def is_for_program(self) -> bool:
        """Tell whether a program reads the output, which is then complete and one document."""
        return self is not OutputFormat.TABLE


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for the format of its output, as `form`."""

    @click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice([choice.value for choice in OutputFormat]),
        default=OutputFormat.TABLE.value,
        help="Output format.",
    )
    @click.option("--json", "wants_json", is_flag=True, help="The same as -o json.")
    @wraps(command)
    def call(*args: Any, form: str, wants_json: bool, **options: Any) -> None:
        command(*args, form=OutputFormat.JSON if wants_json else OutputFormat(form), **options)

    return call


def show(rows: Sequence[Row], form: OutputFormat) -> None:
    """Print rows that have the same members."""
    if form.is_for_program:
        _print(list(rows), form)
        return
    if not rows:
        note("There are none.")
        return
    columns = {name: [_text(row[name]) for row in rows] for name in rows[0]}
    if _width_of(columns) > _terminal():
        columns = {name: cells for name, cells in columns.items() if {*cells} != {_NOTHING}}
    _print_columns(columns)


def show_one(row: Row, form: OutputFormat) -> None:
    """Print one row, with a line for each member; a setting that the row's `deployment` decides has its value."""
    if form.is_for_program:
        _print(row, form)
        return
    values = _in_force(row)
    _print_columns({"": list(values), " ": list(values.values())}, has_header=False)


def note(text: str) -> None:
    """Print a text to standard error, apart from the output."""
    click.echo(shown_of(text), err=True)


def shown_of(text: str) -> str:
    """Return a text in which characters that control a terminal or reverse the line are escaped."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_text(value: object, indent: int | None = None) -> str:
    """Return a value as JSON, in which characters that control a terminal are escaped."""
    return shown_of(json.dumps(value, indent=indent, ensure_ascii=not _is_unicode()))


def bear_every_text() -> None:
    """Make standard output escape characters that its encoding lacks, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _in_force(row: Row) -> dict[str, str]:
    match row.get("deployment"):
        case dict() as usual:
            return {
                name: f"{_text(usual[name])} (the deployment's)"
                if value is None and name in usual
                else _text(value)
                for name, value in row.items()
                if name != "deployment"
            }
    return {name: _text(value) for name, value in row.items()}


def _print(value: object, form: OutputFormat) -> None:
    # What JSON cannot carry, such as a tuple, YAML would tag as Python's.
    text = json_text(value, indent=2)
    if form is OutputFormat.YAML:
        document = json.loads(text)
        text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=_is_unicode())
    click.echo(shown_of(text).rstrip("\n"))


class _Dumper(yaml.SafeDumper):
    """Quotes texts with characters that control a terminal, so that YAML can escape them."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = '"' if _STEERS.search(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style)


_Dumper.add_representer(str, _Dumper.represent_str)


def _print_columns(columns: Mapping[str, Sequence[str]], *, has_header: bool = True) -> None:
    """Print columns, each as wide as its longest word: ids and secrets are copied, so none is cut."""
    table = Table(box=None, pad_edge=False, show_header=has_header)
    for name, cells in columns.items():
        table.add_column(name, min_width=_word(name, cells))
    for row in zip(*columns.values(), strict=True):
        table.add_row(*row)
    width = max(_terminal(), _width_of(columns))
    Console(width=width, highlight=False, markup=False, emoji=False).print(table)


def _width_of(columns: Mapping[str, Sequence[str]]) -> int:
    """Return the least number of cells that a line needs, with two between columns."""
    return sum(_word(name, cells) + _GAP for name, cells in columns.items())


def _word(name: str, cells: Sequence[str]) -> int:
    return max(cell_len(part) for text in (name, *cells) for part in (*text.split(), ""))


def _terminal() -> int:
    # A line must not break where nobody watches: programs read lines.
    return Console().width if sys.stdout is not None and sys.stdout.isatty() else _UNWATCHED


def _is_unicode() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name.startswith("utf")


def _text(value: Any) -> str:
    match value:
        case None | "":
            return _NOTHING
        case list() | tuple():
            return " ".join(map(_text, value)) or _NOTHING
        case dict():
            return shown_of(json.dumps(value, ensure_ascii=False))
        case bool():
            return "yes" if value else "no"
        case _:
            return shown_of(str(value))
