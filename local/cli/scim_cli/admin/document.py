"""JSON documents in files, as commands are given them."""

import json
from pathlib import Path
from typing import Any

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def document_in(file: Path) -> dict[str, Any]:
    """Return the object in a file. Raises ClickException where there is none."""
    try:
        document = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise click.ClickException(f"{file}: expected a JSON object.")
    return document
