"""How the change log is keyed (docs/decisions/0046-the-change-log.md)."""

import hashlib

from scim.resource.record import Key
from scim.store.keys.directory import ID, NAME, TYPE, ItemKey, checked

LANES = 4
"""Lanes of a tenant; a position names one place in each."""


def lane_of(key: Key) -> int:
    """Return the lane of a resource: always the same, so its entries stay in order."""
    return hashlib.sha256(f"{key.type}#{key.id}".encode()).digest()[0] % LANES


def lane_partition(tenant: str, lane: int) -> str:
    """Return the partition of one lane."""
    return f"T#{checked(NAME, tenant)}#log#{lane}"


def log_key(tenant: str, lane: int, position: int) -> ItemKey:
    """Return where the entries from a position on are."""
    return ItemKey(lane_partition(tenant, lane), position_text(position))


def position_text(position: int) -> str:
    """Return a position as a sort key."""
    return f"{position:012d}"


def logged_key(tenant: str, key: Key) -> ItemKey:
    """Return where it stands how far a resource is in the log."""
    return ItemKey(
        f"T#{checked(NAME, tenant)}#logged", f"{checked(TYPE, key.type)}#{checked(ID, key.id)}"
    )


def compared_key(tenant: str) -> ItemKey:
    """Return where it stands up to when a tenant's log was held against its resources."""
    return ItemKey(f"T#{checked(NAME, tenant)}#logged", "-")


def feed_key(tenant: str) -> ItemKey:
    """Return where a tenant says which feed it wants."""
    return ItemKey(f"T#{checked(NAME, tenant)}#feed", "-")


def poll_key(tenant: str, receiver: str) -> ItemKey:
    """Return where it stands how far a receiver, a hash, has acknowledged what it was told."""
    return ItemKey(f"T#{checked(NAME, tenant)}#poll", checked(ID, receiver))


def resource_partition(pk: str) -> tuple[str, str] | None:
    """Return the tenant and the type whose resources are in a partition, None for another one."""
    match pk.split("#"):
        case ["T", tenant, type_name] if TYPE.fullmatch(type_name):
            return tenant, type_name
        case _:
            return None
