"""Reports what a function can reach where it runs; for `make rehearse-lambda`, never deployed."""

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def handler(event: Mapping[str, Any], _context: object) -> object:
    """Import a module, write a file, return a number of bytes, or report where modules come from."""
    match event:
        case {"import": name}:
            return importlib.import_module(name).__name__
        case {"write": path}:
            return Path(path).write_text("written", "utf-8")
        case {"bytes": number}:
            return "x" * (number - len('""'))
        case _:
            return sys.path
