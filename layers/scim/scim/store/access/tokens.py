"""Tokens: the SHA-256 of a credential and what it stands for, never the secret itself.

A token is 256 random bits, so one fast hash is enough, and a lookup by hash has no comparison that could be
timed (docs/decisions/0004-opaque-tokens.md). Besides the item under its hash, a token has one under its
tenant, so that a tenant's tokens can be listed.
"""

from contextlib import suppress
from dataclasses import fields

from botocore.exceptions import ClientError

from scim.access.token import StoredToken
from scim.errors import ScimError
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent, equals, exists
from scim.store.keys.access import (
    PREFIX_OF_TOKENS,
    access_key,
    access_partition,
    access_range,
    token_key,
)

PURPOSE = "token"


class Tokens:
    """The tokens of a deployment."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, token_hash: str) -> StoredToken | None:
        """Return the token with that hash, or None; one consistent read."""
        row = self._table.item(token_key(token_hash))
        return None if row is None else _token_of(row)

    def named(self, tenant: str, token_id: str) -> StoredToken | None:
        """Return the tenant's token with that id, or None."""
        name = self._table.item(access_key(tenant, PURPOSE, token_id))
        return None if name is None else self.find(text(name, "h"))

    def of_tenant(self, tenant: str) -> dict[str, StoredToken]:
        """Return the tenant's tokens by their hash, oldest first."""
        names = self._table.rows(access_partition(tenant), key_range=access_range(PURPOSE))
        item_keys = [token_key(text(row, "h")) for row in names.items]
        tokens = {_hash_in(row): _token_of(row) for row in self._table.items(item_keys)}
        return dict(sorted(tokens.items(), key=lambda hash_and_token: hash_and_token[1].created_at))

    def save(self, token_hash: str, token: StoredToken) -> None:
        """Store a token under its hash."""
        self._table.write(_writes(token_hash, token))

    def revoke(self, token_hash: str, now: str) -> None:
        """Revoke a token, whatever else happens to it at the same time; a deleted one stays deleted."""
        revoked = Write("Update", token_key(token_hash), (exists(),), sets={"revoked": now})
        with suppress(ConditionFailed):
            self._table.write([revoked])

    def rotate(
        self, old_hash: str, old: StoredToken, ends: str, new_hash: str, new: StoredToken
    ) -> None:
        """Store the successor of a token, and when the token ends. Raises Stale if it has another end by now."""
        conditions = exists(), absent("revoked"), equals("expires", old.expires_at)
        ending = Write("Update", token_key(old_hash), conditions, sets={"expires": ends})
        try:
            self._table.write([*_writes(new_hash, new), ending])
        except ConditionFailed as failed_condition:
            raise failed_condition.cause() from failed_condition

    def remove(self, tokens: dict[str, StoredToken]) -> None:
        """Delete the tokens: they are invalid at once, and no longer listed."""
        for token_hash, token in tokens.items():
            name = access_key(token.tenant, PURPOSE, token.token_id)
            item_keys = (token_key(token_hash), name)
            self._table.write([Write("Delete", item_key) for item_key in item_keys])

    def note_use(self, token_hash: str, token: StoredToken, now: str) -> None:
        """Record the use of a token, at most once in a clock hour.

        This serves readers of the list, not the request that pays for it. So a failure is ignored.
        """
        if token.used_at is not None and token.used_at[:13] >= now[:13]:
            return
        use = Write("Update", token_key(token_hash), (exists(),), sets={"used": now})
        try:
            self._table.write([use])
        except (ConditionFailed, ScimError, ClientError):
            return


def _writes(token_hash: str, token: StoredToken) -> list[Write]:
    name: Item = {"k": "tokenName", "s": SCHEMA, "h": token_hash}
    return [
        Write("Put", token_key(token_hash), item=_item_of(token)),
        Write("Put", access_key(token.tenant, PURPOSE, token.token_id), item=name),
    ]


_NAMES = {
    "token_id": "id",
    "tenant": "tenant",
    "label": "label",
    "created_at": "at",
    "expires_at": "expires",
    "not_before": "from",
    "revoked_at": "revoked",
    "subject": "subject",
    "used_at": "used",
    "filters": "filters",
    "family": "family",
}


def _item_of(token: StoredToken) -> Item:
    values = {
        _NAMES[field.name]: getattr(token, field.name)
        for field in fields(token)
        if field.name in _NAMES
    }
    attributes = {name: value for name, value in values.items() if value is not None}
    return {"k": "token", "s": SCHEMA, "scopes": " ".join(token.scopes), **attributes}


def _token_of(row: Row) -> StoredToken:
    values = {field: text(row, name) for field, name in _NAMES.items() if name in row}
    return StoredToken(**values, scopes=tuple(text(row, "scopes").split()))


def _hash_in(row: Row) -> str:
    return text(row, "pk").removeprefix(PREFIX_OF_TOKENS)
