"""Index entries: what guards unique values is what answers filters."""

from collections.abc import Iterable, Sized

from scim.errors import PayloadTooLarge, Uniqueness
from scim.resource.record import Entry, Key, Stale
from scim.store.dynamodb.values import SCHEMA, Item
from scim.store.dynamodb.write import Write, absent, equals
from scim.store.keys.directory import entry_key

MOST = 95
"""Entries of a resource: the transaction that ends it removes them all, in five steps more."""


def check_number(entries: Sized, pointers: Sized = ()) -> None:
    """Raise PayloadTooLarge for what could be stored and never be deleted."""
    if len(entries) + len(pointers) > MOST:
        raise PayloadTooLarge(f"A resource may have up to {MOST} indexed values, as of emails.")


def entries_put(tenant: str, key: Key, entries: Iterable[Entry]) -> list[Write]:
    """Return the steps that add index entries; a unique one is refused where one stands."""
    return [
        Write(
            "Put",
            entry_key(tenant, key, entry),
            (absent(),),
            item=_item(key, entry),
            refusal=_refusal(entry),
        )
        for entry in sorted(entries)
    ]


def entries_deleted(tenant: str, key: Key, entries: Iterable[Entry]) -> list[Write]:
    """Return the steps that remove index entries of the resource's own.

    One that is not unique is nobody else's, and a late index may lack it.
    """
    return [
        Write(
            "Delete",
            entry_key(tenant, key, entry),
            (equals("i", key.id),) if entry.is_unique else (),
        )
        for entry in sorted(entries)
    ]


def _item(key: Key, entry: Entry) -> Item:
    item: Item = {"k": "entry", "s": SCHEMA, "i": key.id}
    return {**item, "r": entry.target} if entry.target else item


def _refusal(entry: Entry) -> Exception:
    if entry.is_unique:
        return Uniqueness(f"The value of {entry.attribute} is already taken.")
    return Stale()
