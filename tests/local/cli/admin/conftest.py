"""The tenant acme, and files for commands about it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.local.cli.conftest import Operator


@pytest.fixture(name="acme")
def _acme(operator: Operator) -> Operator:
    """Return an operator of a table with the tenant acme."""
    operator.run("tenant", "create", "acme")
    return operator


def document_file(folder: Path, content: Any) -> str:
    """Write a document, or a text as it is, to a file in the folder and return its path."""
    file = folder / "document.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(file)
