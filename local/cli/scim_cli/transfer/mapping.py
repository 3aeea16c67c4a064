"""Mappings of columns: YAML or JSON of the operator's own, or one of those that are shipped."""

from pathlib import Path
from typing import Any

import click
import yaml

from scim.errors import ScimError
from scim.service.transfer.formats.header import opened
from scim.service.transfer.mapping import Columns

_SHIPPED = Path(__file__).parent / "mappings"

_WORDS = {"true", "false"}
"""Members whose values are words, whatever else YAML takes them for."""


class _Loader(yaml.SafeLoader):
    """Reads YAML as people mean it: names are words, also Yes and No, and stand there once."""


def _members(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(
                None, None, "expected a word as name", key.start_mark
            )
        if key.value in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key.value} is there twice", key.start_mark
            )
        found[key.value] = (
            _words(value)
            if key.value.lower() in _WORDS and not isinstance(value, yaml.MappingNode)
            else loader.construct_object(value, deep=True)
        )
    return found


def _words(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_words(each) for each in node.value]
    return node.value


_Loader.add_constructor("tag:yaml.org,2002:map", _members)


def mapping_in(file: Path | None) -> Any:
    """Return the mapping of columns that a YAML or JSON file holds."""
    if file is None:
        return None
    try:
        # Nothing but plain values: it is a SafeLoader.
        return yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} is neither YAML nor JSON: {error}") from error


def shipped_for(file: Path, encoding: str) -> tuple[str, dict[str, Any]]:
    """Return the shipped mapping that has all its columns in a CSV file, and most of them.

    Ends the command when there is none.
    """
    best: tuple[int, str, dict[str, Any]] | None = None
    for each in sorted(_SHIPPED.glob("*.yaml")):
        mapping = {**mapping_in(each), **({"encoding": encoding} if encoding else {})}
        columns = Columns.of_json(mapping)
        with file.open("rb") as content:
            try:
                header = opened(iter(lambda: content.read(1 << 16), b""), columns).header
            except ScimError:
                continue
        known = columns.known(header.names)
        if best is None or known > best[0]:
            best = known, each.stem, mapping
    if best is None:
        names = ", ".join(sorted(each.stem for each in _SHIPPED.glob("*.yaml")))
        raise click.UsageError(
            f"Say --mapping: the columns of {file.name} are not those of {names}."
        )
    return best[1], best[2]
