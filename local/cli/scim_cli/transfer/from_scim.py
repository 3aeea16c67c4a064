"""The options that name another SCIM server, whose directory is imported."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from scim_cli.input_files import token_in
from scim_cli.output import note
from scim_cli.progress import progress_bar
from scim_cli.service import require_token
from scim_cli.transfer.directory_copy import DirectoryCopy
from scim_cli.transfer.source import Source

SECRET: Final = "SCIM_FROM_TOKEN"  # noqa: S105 - where the token is


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """The server to read, its token, the resource types and the page size."""

    base: str
    token: str
    types: tuple[str, ...]
    count: int


def source_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, as `copy_options`, which is None if they are not given.

    The secret comes from the environment or a file, because arguments are visible to others.
    """

    @click.option("--from-scim", metavar="BASE", help="First copy this SCIM server into FILE.")
    @click.option(
        "--from-token-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=f"File with the token of the other server; default {SECRET}.",
    )
    @click.option(
        "--from-type", "types", multiple=True, help="A resource type; default User, Group."
    )
    @click.option(
        "--from-count",
        "count",
        type=click.IntRange(1, 1000),
        default=100,
        help="Resources of one page.",
    )
    @wraps(command)
    def call(
        *args: Any,
        from_scim: str | None,
        from_token_file: Path | None,
        types: tuple[str, ...],
        count: int,
        **options: Any,
    ) -> None:
        if from_scim is None:
            command(*args, copy_options=None, **options)
            return
        token = token_in(from_token_file) if from_token_file else os.environ.get(SECRET, "")
        if not token:
            raise click.UsageError(f"Give --from-token-file (or {SECRET}).")
        require_token(token)
        copy_options = CopyOptions(from_scim, token, types or ("User", "Group"), count)
        command(*args, copy_options=copy_options, **options)

    return call


def copy_directory(copy_options: CopyOptions, file: Path) -> DirectoryCopy:
    """Copy a server's directory to a file completely; return the copy."""
    copy = DirectoryCopy(Source.at(copy_options.base, copy_options.token), file, copy_options.count)
    with progress_bar("Resources") as show:
        copy.complete(copy_options.types, show)
    note(f"The copy is {file}.")
    return copy
