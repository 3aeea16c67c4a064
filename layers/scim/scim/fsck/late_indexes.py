"""Late indexes: definitions declare them, the table's items do not show them."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from scim.fsck.item import PACKAGE, Item, UnreadableError, unpacked

TYPES = PACKAGE / "definitions" / "resource_types"
STORAGE_URN = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"


@cache
def late_indexes() -> frozenset[tuple[str, str]]:
    """Return type and attribute of each shipped index that was added after resources were stored."""
    documents = [path.read_text(encoding="utf-8") for path in sorted(TYPES.glob("*.json"))]
    return frozenset(index for text in documents for index in late_in(text))


def late_of(edition: Item) -> Iterator[tuple[str, str]]:
    """Yield type and attribute of each late index in a version of a tenant's definitions."""
    try:
        types = unpacked(edition.attributes["z"])["resourceTypes"]
    except (UnreadableError, KeyError, TypeError):
        return
    for document in types:
        yield from _late_of(document)


def late_in(text: str) -> list[tuple[str, str]]:
    """Return type and attribute of each late index in a resource type's document."""
    return list(_late_of(json.loads(text)))


def _late_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for index in document.get(STORAGE_URN, {}).get("indexes", ()):
        if index.get("late"):
            yield document["name"], index["attribute"]
