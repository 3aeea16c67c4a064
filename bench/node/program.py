"""Runs a program of this folder in Node, with its packages in a cache folder."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local.packages.npm import UnavailableError, installed

FOLDER: Final = Path(__file__).parent
CACHE: Final = Path(".cache/bench-node")


def command_of(program: str, cache: Path = CACHE) -> list[str]:
    """Return the command; missing packages are fetched. Raises UnavailableError."""
    if shutil.which("node") is None:
        raise UnavailableError("They run in Node, which is not on the PATH.")
    return ["node", str(FOLDER / program), str(installed(FOLDER, cache))]


def environment() -> Mapping[str, str]:
    """Return the environment of a program, as for production."""
    return {"PATH": os.environ["PATH"], "NODE_ENV": "production"}


def say_left_out(what: str, error: UnavailableError) -> None:
    """Print what was not measured, and why."""
    print(f"!!! LEFT OUT: {what}; what was reported stays. {error} !!!", flush=True)
