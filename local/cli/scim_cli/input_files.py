"""Files given to commands: texts, JSON documents and tokens, as editors and shells write them."""

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Any

import click


def text_in(file: Path) -> str:
    """Return the text of a file: UTF-8, or UTF-16 with a byte order mark, as Windows PowerShell writes it.

    Raises UsageError for anything else.
    """
    content = file.read_bytes()
    is_utf_16 = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file} is not text in UTF-8, at byte {error.start}.") from error


def json_in(file: Path) -> Any:
    """Return the value in a JSON file. Raises UsageError if it is not JSON."""
    try:
        return json.loads(text_in(file))
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{file}: not JSON: {error}") from error


def token_in(file: Path) -> str:
    """Return the token in a file. Raises UsageError if the file is empty: no other token takes its place."""
    token = text_in(file).strip()
    if not token:
        raise click.UsageError(f"{file} holds no token.")
    return token
