"""Compiles the definitions to plain data when the layer is built: `python -m scim.bootstrap.compiling`.

Otherwise each cold start would do the same work, and import modules for it that no request needs.
"""

import json
from pathlib import Path
from typing import Any

from scim.compiled import COMPILED, DEFINITIONS, PlainRows
from scim.filter.parsing.antlr import filter_syntax, path_syntax
from scim.filter.parsing.shipped import rows_of, rows_of_path
from scim.filter.parsing.template import shape_of
from scim.filter.parsing.tokens import tokens_of
from scim.profile.shipped import every_mount, names, profile_from_documents, with_options
from scim.schema.loading import CatalogueParts, catalogue_of
from scim.schema.schema import DefinitionError


def shapes() -> dict[str, dict[str, list[Any]]]:
    """Return the parsed filters and PATCH paths of `definitions/shapes.json`, by their shapes."""
    document = json.loads((DEFINITIONS / "shapes.json").read_text("utf-8"))
    return {
        "filters": {shape: rows_of(filter_syntax(shape)) for shape in _shapes(document["filters"])},
        "paths": {shape: rows_of_path(path_syntax(shape)) for shape in _shapes(document["paths"])},
    }


def _shapes(texts: list[str]) -> list[str]:
    return [shape_of(tuple(tokens_of(text))).text for text in texts]


def profiles() -> dict[str, Any]:
    """Return the profiles with every combination of their options, and the mounts of their APIs."""
    rows_by_profile = {
        f"profile-{name}": PlainRows().of(profile_from_documents(name)) for name in with_options()
    }
    return {**rows_by_profile, "mounts": list(every_mount())}


def catalogues() -> dict[str, Any]:
    """Return the catalogues that profiles serve to tenants without variables of their own."""
    rows_by_profile: dict[str, Any] = {}
    for name in with_options():
        profile = profile_from_documents(name)
        parts = CatalogueParts.of(profile, profile.variables)
        try:
            rows = PlainRows().of(catalogue_of(profile))
        except DefinitionError:
            if name in names():
                raise
            continue  # the option does not fit this profile: setting it fails with an error
        rows_by_profile[parts.name] = {"of": parts.json(), "catalogue": rows}
    return rows_by_profile


def write(folder: Path = COMPILED) -> None:
    """Write all files that `scim.compiled` reads."""
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.json"):
        stale.unlink()
    for name, content in {"shapes": shapes(), **profiles(), **catalogues()}.items():
        (folder / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    write()
