"""JSON documents in files given to commands."""

from pathlib import Path
from typing import Any

import click

from scim_cli.input_files import json_in

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def document_in(file: Path) -> dict[str, Any]:
    """Return the object in a file. Raises UsageError if the file holds none."""
    document = json_in(file)
    if not isinstance(document, dict):
        raise click.UsageError(f"{file}: expected a JSON object.")
    return document
