"""Makes plain data of the definitions when the layer is built: `python -m scim.bootstrap.compiling`.

Every cold start would make the same of them otherwise, and import for it what no request needs.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from scim.compiled import FOLDER
from scim.filter.parsing.antlr import filter_syntax, path_syntax
from scim.filter.parsing.shipped import rows_of, rows_of_path
from scim.filter.parsing.template import shape_of
from scim.filter.parsing.tokens import tokens_of


def shapes() -> dict[str, dict[str, list[Any]]]:
    """Return the filters and PATCH paths of `definitions/shapes.json` by their shapes."""
    found = json.loads((files("scim") / "definitions" / "shapes.json").read_text("utf-8"))
    return {
        "filters": {each: rows_of(filter_syntax(each)) for each in _shapes(found["filters"])},
        "paths": {each: rows_of_path(path_syntax(each)) for each in _shapes(found["paths"])},
    }


def _shapes(texts: list[str]) -> list[str]:
    return [shape_of(tuple(tokens_of(text))).text for text in texts]


def write(folder: Path = FOLDER) -> None:
    """Write everything that `scim.compiled` reads."""
    folder.mkdir(exist_ok=True)
    for name, content in {"shapes": shapes()}.items():
        (folder / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    write()
