"""What was made of the definitions when the layer was built, so that no process makes it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "_compiled"
"""Written by `python -m scim.bootstrap.compiling`; not there in a plain checkout."""


def compiled(name: str) -> Any:
    """Return what the layer was built with under that name; None where there is nothing."""
    try:
        content = (FOLDER / f"{name}.json").read_bytes()
    except FileNotFoundError:
        return None
    return json.loads(content)
