"""Issuers whose tokens a tenant accepts besides its own, as the documents that operators provided.

Each document is stored twice: under the issuer, to look up a token that names it, and under the tenant, to
list it.
"""

import json
from collections.abc import Mapping
from typing import Any

from scim.access.token import hash_of
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, text
from scim.store.dynamodb.write import Write
from scim.store.keys.access import (
    access_key,
    access_partition,
    access_range,
    issuer_key,
    issuer_partition,
)
from scim.store.keys.directory import ItemKey

PURPOSE = "issuer"
Document = Mapping[str, Any]


class StoredIssuers:
    """The issuers of a deployment."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def named(self, issuer: str) -> list[tuple[str, Document]]:
        """Return every tenant that trusts the issuer (the claim `iss`), with its document."""
        rows = self._table.rows(issuer_partition(hash_of(issuer))).items
        return [(text(row, "sk"), _document_in(row)) for row in rows]

    def of_tenant(self, tenant: str) -> list[Document]:
        """Return the documents of the issuers that the tenant trusts."""
        key_range = access_range(PURPOSE)
        rows = self._table.rows(access_partition(tenant), key_range=key_range).items
        return [_document_in(row) for row in rows]

    def is_trusted(self, tenant: str, hashed: str) -> bool:
        """Tell whether a tenant trusts the issuer with that SHA-256."""
        return self._table.item(access_key(tenant, PURPOSE, hashed)) is not None

    def save(self, tenant: str, issuer: str, document: Document) -> None:
        """Trust an issuer, or change the terms."""
        content = json.dumps(document, sort_keys=True, separators=(",", ":"))
        by_issuer, by_tenant = _places(tenant, issuer)
        attributes: Item = {"s": SCHEMA, "x": content}
        self._table.write(
            [
                Write("Put", by_issuer, item={"k": "issuer", **attributes}),
                Write("Put", by_tenant, item={"k": "issuerName", **attributes}),
            ]
        )

    def remove(self, tenant: str, issuer: str) -> None:
        """Stop trusting an issuer."""
        self._table.write([Write("Delete", item_key) for item_key in _places(tenant, issuer)])


def _places(tenant: str, issuer: str) -> tuple[ItemKey, ItemKey]:
    hashed = hash_of(issuer)
    return issuer_key(hashed, tenant), access_key(tenant, PURPOSE, hashed)


def _document_in(row: Row) -> Document:
    document: Document = json.loads(text(row, "x"))
    return document
