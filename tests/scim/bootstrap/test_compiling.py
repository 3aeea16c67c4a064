"""What is made when the layer is built is what a plain checkout makes of the same definitions."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from scim import compiled
from scim.bootstrap import compiling
from scim.filter.parsing import shipped
from scim.filter.parsing.parse import parse_filter, parse_path
from scim.filter.parsing.template import filter_template, path_template
from tests.scim.filter.trees import written

SHAPES = json.loads((files("scim") / "definitions" / "shapes.json").read_text("utf-8"))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    compiling.write(tmp_path)
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    _forget()
    return tmp_path


def _forget() -> None:
    for cache in (shipped._shipped, filter_template, path_template):
        cache.cache_clear()


def test_a_shipped_filter_is_what_the_parser_reads(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [written(parse_filter(text).filter) for text in SHAPES["filters"]]
    monkeypatch.undo()
    _forget()
    assert ours == [written(parse_filter(text).filter) for text in SHAPES["filters"]]


def test_a_shipped_path_is_what_the_parser_reads(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [parse_path(text) for text in SHAPES["paths"]]
    monkeypatch.undo()
    _forget()
    assert ours == [parse_path(text) for text in SHAPES["paths"]]


def test_a_shape_that_identity_providers_send_needs_no_antlr(tmp_path: Path) -> None:
    compiling.write(tmp_path)
    program = (
        "import sys; from pathlib import Path; from scim import compiled;"
        f"compiled.FOLDER = Path({str(tmp_path)!r});"
        "from scim.filter.parsing.parse import parse_filter, parse_path;"
        f"[parse_filter(text) for text in {SHAPES['filters']!r}];"
        f"[parse_path(text) for text in {SHAPES['paths']!r}];"
        "sys.exit('antlr4' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
