"""Tenants' definitions: the version in force exists and is what the head item says."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from scim.fsck.item import Item, UnreadableError, unpacked
from scim.fsck.table import Items


def definitions(items: Items) -> Iterator[str]:
    """Yield versions in force that are missing, unreadable or unlike the head, and versions beyond or without it."""
    heads = {head.tenant: head for head in items.of["definitions"]}
    editions = {(edition.tenant, int(edition.sk)): edition for edition in items.of["edition"]}
    for tenant, head in sorted(heads.items()):
        edition = editions.get((tenant, head.attributes["v"]))
        if edition is None:
            yield f"{head.name}: version {head.attributes['v']} is in force and not there"
        else:
            yield from _faults(head, edition)
    for (tenant, version), edition in sorted(editions.items()):
        head_of = heads.get(tenant)
        if head_of is None or version > head_of.attributes["v"]:
            yield f"{edition.name}: a version that is not and never was in force"


def _faults(head: Item, edition: Item) -> Iterator[str]:
    try:
        content = unpacked(edition.attributes["z"])
        endpoints = [type_document["endpoint"][1:] for type_document in content["resourceTypes"]]
    except (UnreadableError, KeyError, TypeError):
        yield f"{edition.name}: cannot be read"
        return
    if head.attributes["f"] != _fingerprint(content) or head.attributes["e"].split() != endpoints:
        yield f"{head.name}: says of its version what it is not"


def _fingerprint(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
