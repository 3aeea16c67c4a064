"""Mappings of columns: the operator's own as YAML or JSON, or a shipped one."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import click
import yaml

from scim.errors import ScimError
from scim.service.transfer.formats.header import Header, opened
from scim.service.transfer.formats.ldif_format import Attributes, attributes_in
from scim.service.transfer.mapping import Columns
from scim_cli.input_files import text_in
from scim_cli.output import shown_of

_SHIPPED = Path(__file__).parent / "mappings"

_DN = "dn"
"""The column that only mappings of LDIF files have."""
_PIECE = 1 << 16
_BEGINNING = 1 << 20
_SHOWN = 300

_STATUS: Final = re.compile(
    "(is|user|account|login)?(active|inactive|enabled|disabled|suspended|blocked|deactivated|archived|status)"
    "|blockcredential|useraccountcontrol"
)
"""Names of columns, in small letters only, that say which users are disabled."""

_WORDS = {"true", "false"}
"""Members whose values are words, whatever else YAML takes them for."""


class _Loader(yaml.SafeLoader):
    """Reads YAML in which names are words, even Yes and No, and occur once."""


def _members(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(
                None, None, "expected a word as name", key.start_mark
            )
        if key.value in members:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key.value} is there twice", key.start_mark
            )
        members[key.value] = (
            _words(value)
            if key.value.lower() in _WORDS and not isinstance(value, yaml.MappingNode)
            else loader.construct_object(value, deep=True)
        )
    return members


def _words(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_words(child) for child in node.value]
    return node.value


_Loader.add_constructor("tag:yaml.org,2002:map", _members)


def mapping_in(file: Path | None) -> Any:
    """Return the mapping of columns in a YAML or JSON file. Raises UsageError if there is none in it."""
    if file is None:
        return None
    try:
        # Nothing but plain values: it is a SafeLoader.
        mapping = yaml.load(text_in(file), _Loader)  # noqa: S506 - see above
    except (yaml.YAMLError, RecursionError) as error:
        raise click.UsageError(f"{file} is neither YAML nor JSON: {error}") from error
    if not isinstance(mapping, dict):
        raise click.UsageError(f"{file} holds no mapping; expected names such as columns.")
    return mapping


@cache
def _shipped() -> Mapping[str, Mapping[str, Any]]:
    """Return the shipped mappings by name."""
    paths = sorted(_SHIPPED.glob("*.yaml"), key=lambda path: path.stem)
    return {path.stem: mapping_in(path) for path in paths}


def shipped_for(file: Path, format_: str, encoding: str) -> tuple[str, dict[str, Any]]:
    """Return the shipped mapping for a file's columns: the one that knows most of them.

    All columns that a mapping needs are in a CSV file it is for, and it reads the one that says who is disabled. Of an
    LDIF file it knows the object classes of most entries, and then most attributes. Ends the command when there is
    none.
    """
    options = {"encoding": encoding} if encoding else {}
    mappings = {name: {**mapping, **options} for name, mapping in _shipped().items()}
    columns_by_name = {name: Columns.of_json(mapping) for name, mapping in mappings.items()}
    is_ldif = format_ == "ldif"
    shipped = {
        name: columns
        for name, columns in columns_by_name.items()
        if (_DN in columns.names) is is_ldif
    }
    name = _name_for_ldif(file, shipped) if is_ldif else _name_for_csv(file, shipped, encoding)
    return name, mappings[name]


def _name_for_ldif(file: Path, shipped: Mapping[str, Columns]) -> str:
    try:
        attributes = _attributes(file)
    except ScimError as error:
        raise click.UsageError(shown_of(f"{file.name}: {error.detail}")) from error
    known = {name: attributes.known(columns) for name, columns in shipped.items()}
    best = max(known, key=known.__getitem__)
    if not any(known[best]):
        raise _no_mapping(file, f"not those of {', '.join(shipped)}.")
    return best


def _name_for_csv(file: Path, shipped: Mapping[str, Columns], encoding: str) -> str:
    known: dict[str, int] = {}
    blind = ""
    for name, columns in shipped.items():
        header = _header(file, columns)
        if header is None:
            continue
        if status := _unread_status(header, columns):
            blind = f"those of {name}, which does not read {status}: nobody would be disabled."
        else:
            known[name] = columns.known(header.names)
    best = max(known, key=known.__getitem__, default=None)
    if best is not None and known[best]:
        return best
    first_row = _first_row(file, encoding)
    raise _no_mapping(
        file, blind or f"not those of {', '.join(shipped)}. Its first row is: {first_row}"
    )


def _no_mapping(file: Path, whose: str) -> click.UsageError:
    return click.UsageError(shown_of(f"Give --mapping: the columns of {file.name} are {whose}"))


def unmapped(file: Path, format_: str, mapping: Any) -> list[str]:
    """Return the columns of a CSV file, or the first attributes of an LDIF file, that a mapping does not name.

    Returns nothing for a mapping or a file that the service will refuse.
    """
    try:
        columns = Columns.of_json(mapping)
        column_names = (
            sorted(_attributes(file).names) if format_ == "ldif" else _written(file, columns)
        )
    except ScimError:
        return []
    return [
        name for name in column_names if name.strip() and columns.named(name) not in columns.names
    ]


def _written(file: Path, columns: Columns) -> Sequence[str]:
    with file.open("rb") as content:
        return opened(iter(lambda: content.read(_PIECE), b""), columns).header.written


def _first_row(file: Path, encoding: str) -> str:
    """Return the beginning of the first row of a CSV file; ends the command if it cannot be read."""
    try:
        names = _written(file, Columns.of_json({"encoding": encoding}, needs_columns=False))
    except ScimError as error:
        raise click.UsageError(f"{file.name}: {error.detail}") from error
    return ", ".join(names)[:_SHOWN]


def _header(file: Path, columns: Columns) -> Header | None:
    """Return the header of a CSV file, None if the file lacks columns of the mapping."""
    with file.open("rb") as content:
        try:
            return opened(iter(lambda: content.read(_PIECE), b""), columns).header
        except ScimError:
            return None


def _unread_status(header: Header, columns: Columns) -> str:
    """Return the column that says which users are disabled, empty if there is none or the mapping reads one."""
    if any(
        column.path == "active" and columns.named(column.name) in header.names
        for column in columns.columns
    ):
        return ""
    letters = {name: re.sub("[^a-z]", "", name.casefold()) for name in header.written}
    return next((name for name in header.written if _STATUS.fullmatch(letters[name])), "")


def _attributes(file: Path) -> Attributes:
    """Return the attributes of the entries at the beginning of an LDIF file."""
    with file.open("rb") as content:
        beginning = content.read(_BEGINNING)
        return attributes_in(iter([_whole_attributes(beginning) if content.read(1) else beginning]))


def _whole_attributes(beginning: bytes) -> bytes:
    """Return the beginning of an LDIF file without its last attribute, which may be cut off in any of its lines."""
    lines = beginning.splitlines(keepends=True)
    while lines and lines.pop().startswith(b" "):
        pass
    return b"".join(lines)
