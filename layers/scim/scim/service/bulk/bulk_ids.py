"""References to resources that do not exist yet: `bulkId:` and a name (RFC 7644 section 3.7.2).

A reference is a whole string in the data, the end of a `$ref`, or a string inside the filter of
a PATCH path; the data include JSON in a string. A password is never a reference, whatever it looks like.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from scim.schema.spelling import value_in_text

PREFIX: Final = "bulkId:"
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_SECRET: Final = "password"  # noqa: S105 - an attribute's name
_REFERENCE: Final = "$ref"
_PATH: Final = "path"

Naming = Callable[[str], str]
"""Returns the id of the resource that a bulkId stands for, or raises."""


def bulk_id_in(text: str | None) -> str | None:
    """Return the bulkId that the whole text refers to, or None."""
    if text is None or not text.startswith(PREFIX):
        return None
    return text.removeprefix(PREFIX)


def bulk_ids_in(data: Mapping[str, object]) -> frozenset[str]:
    """Return every bulkId that the data refers to."""
    return _bulk_ids("", data) if _may_refer(data) else frozenset()


def with_ids(data: Mapping[str, object], naming: Naming) -> dict[str, object]:
    """Return the data with every reference replaced by the id that it stands for."""
    if not _may_refer(data):
        return dict(data)
    return {name: _resolved(name, value, naming) for name, value in data.items()}


def without_references(data: Mapping[str, object], missing: frozenset[str]) -> dict[str, object]:
    """Return the data without the values that refer to one of these bulkIds.

    Other elements of an array and other attributes of an extension stay, also those in JSON text.
    """
    remaining: dict[str, object] = {}
    for name, value in data.items():
        if missing.isdisjoint(_bulk_ids(name, value)):
            remaining[name] = value
            continue
        parts: object = value_in_text(value) if isinstance(value, str) else value
        if isinstance(parts, Mapping) and name.lower().startswith("urn:"):
            parts = without_references(parts, missing)
        elif isinstance(parts, list):
            parts = [part for part in parts if missing.isdisjoint(_bulk_ids(name, part))]
        else:
            continue
        remaining[name] = json.dumps(parts) if isinstance(value, str) else parts
    return remaining


def _may_refer(value: object) -> bool:
    """Tell quickly whether a value may contain a bulkId: most values do not."""
    if isinstance(value, str):
        return PREFIX in value
    children: Iterable[object] = ()
    if isinstance(value, list):
        children = value
    elif isinstance(value, dict | Mapping):
        children = value.values()
    return any(map(_may_refer, children))


def _bulk_ids(name: str, value: object) -> frozenset[str]:
    bulk_ids: set[str] = set()

    def note(bulk_id: str) -> str:
        bulk_ids.add(bulk_id)
        return ""

    _resolved(name, value, note)
    return frozenset(bulk_ids)


def _resolved(name: str, value: object, naming: Naming) -> object:
    match value:
        case str():
            return _renamed(name.lower(), value, naming)
        case list():
            return [_resolved(name, element, naming) for element in value]
        case Mapping():
            return {
                str(key): _resolved(str(key), element, naming) for key, element in value.items()
            }
        case _:
            return value


def _renamed(name: str, text: str, naming: Naming) -> str:
    if PREFIX not in text or name == _SECRET:
        return text
    whole_id = bulk_id_in(text)
    if whole_id is not None:
        return naming(whole_id)
    if name == _REFERENCE:
        before, slash, last_segment = text.rpartition("/")
        bulk_id = bulk_id_in(last_segment)
        return text if bulk_id is None else before + slash + naming(bulk_id)
    if name == _PATH:
        return _LITERAL.sub(lambda literal: _literal(literal[0], naming), text)
    # tests/reports/bulk.jsonl "bulk: a member as JSON text": SCIM-SDK's client writes objects so.
    value = value_in_text(text) if text.lstrip().startswith(("{", "[")) else None
    resolved = _resolved(name, value, naming)
    return text if resolved == value else json.dumps(resolved)


def _literal(literal: str, naming: Naming) -> str:
    try:
        bulk_id = bulk_id_in(json.loads(literal))
    except ValueError:
        return literal  # the filter's parser reports the error
    return literal if bulk_id is None else json.dumps(naming(bulk_id))
