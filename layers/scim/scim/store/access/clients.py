"""Clients of the token endpoint: their secrets as SHA-256, and the public part of their keys."""

from collections.abc import Sequence
from contextlib import suppress

from scim.access.client import OAuthClient, is_client_id
from scim.access.token import hash_of
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent, equals, exists
from scim.store.keys.access import (
    access_key,
    access_partition,
    access_range,
    assertion_key,
    client_key,
)

PURPOSE = "client"


class StoredClients:
    """The clients of a deployment."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, client_id: str) -> OAuthClient | None:
        """Return the client of that id, or None; also None for an invalid id."""
        if not is_client_id(client_id):
            return None
        row = self._table.item(client_key(client_id))
        return None if row is None else _client_of(row)

    def of_tenant(self, tenant: str) -> list[OAuthClient]:
        """Return the tenant's clients, oldest first."""
        rows = self._table.rows(access_partition(tenant), key_range=access_range(PURPOSE))
        item_keys = [client_key(text(row, "client")) for row in rows.items]
        clients = [_client_of(row) for row in self._table.items(item_keys)]
        return sorted(clients, key=lambda client: client.created_at)

    def save(self, client: OAuthClient) -> None:
        """Store a client."""
        name: Item = {"k": "clientName", "s": SCHEMA, "client": client.client_id}
        name_key = access_key(client.tenant, PURPOSE, client.client_id)
        self._table.write(
            [
                Write("Put", client_key(client.client_id), item=_item_of(client)),
                Write("Put", name_key, item=name),
            ]
        )

    def revoke(self, client: OAuthClient, now: str) -> None:
        """Revoke a client, whatever else happens to it at the same time; a deleted one stays deleted."""
        sets: Item = {"revoked": now, "hashes": ""}
        with suppress(ConditionFailed):
            self._table.write(
                [Write("Update", client_key(client.client_id), (exists(),), sets=sets)]
            )

    def rotate(self, client: OAuthClient, hashes: Sequence[str]) -> None:
        """Store a client's new secrets. Raises Stale if it has other secrets by now."""
        as_read = exists(), equals("hashes", " ".join(client.secret_hashes))
        sets: Item = {"hashes": " ".join(hashes)}
        try:
            self._table.write([Write("Update", client_key(client.client_id), as_read, sets=sets)])
        except ConditionFailed as failed_condition:
            raise failed_condition.cause() from failed_condition

    def remove(self, client: OAuthClient) -> None:
        name_key = access_key(client.tenant, PURPOSE, client.client_id)
        item_keys = (client_key(client.client_id), name_key)
        self._table.write([Write("Delete", item_key) for item_key in item_keys])

    def use_once(self, client_id: str, assertion_id: str, until: float) -> bool:
        """Tell whether this is the first use of an assertion, and record the use until the assertion expires."""
        hashed = hash_of(assertion_id)
        use = Write(
            "Put",
            assertion_key(client_id, hashed),
            (absent(),),
            item={"k": "assertion", "s": SCHEMA, "ttl": int(until) + 60},
        )
        try:
            self._table.write([use])
        except ConditionFailed:
            return False
        return True


def _item_of(client: OAuthClient) -> Item:
    attributes = {
        "client": client.client_id,
        "tenant": client.tenant,
        "scopes": " ".join(client.scopes),
        "label": client.label,
        "at": client.created_at,
        "hashes": " ".join(client.secret_hashes),
        "jwks": client.jwks,
        "uri": client.jwks_uri,
        "filters": client.filters,
        "revoked": client.revoked_at or "",
    }
    return {"k": "client", "s": SCHEMA, **attributes}


def _client_of(row: Row) -> OAuthClient:
    return OAuthClient(
        client_id=text(row, "client"),
        tenant=text(row, "tenant"),
        scopes=tuple(text(row, "scopes").split()),
        label=text(row, "label"),
        created_at=text(row, "at"),
        secret_hashes=tuple(text(row, "hashes").split()),
        jwks=text(row, "jwks"),
        jwks_uri=text(row, "uri"),
        filters=text(row, "filters") if "filters" in row else "",
        revoked_at=text(row, "revoked") or None,
    )
