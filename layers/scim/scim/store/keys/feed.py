"""Keys of the change log and the change feed (docs/decisions/0046-the-change-log.md)."""

import hashlib

from scim.resource.record import Key
from scim.store.keys.directory import ID, TYPE, ItemKey, checked, purpose_partition, resource_name

LANES = 4
"""The number of a tenant's lanes; a receiver has a position in each."""


def lane_of(key: Key) -> int:
    """Return the lane of a resource. It never changes, so the resource's entries stay in order."""
    return hashlib.sha256(f"{key.type}#{key.id}".encode()).digest()[0] % LANES


def lane_partition(tenant: str, lane: int) -> str:
    return f"{purpose_partition(tenant, 'log')}#{lane}"


def log_key(tenant: str, lane: int, position: int) -> ItemKey:
    """Return the key of the item whose entries begin at a position."""
    return ItemKey(lane_partition(tenant, lane), position_text(position))


def position_text(position: int) -> str:
    """Return a position as a sort key."""
    return f"{position:012d}"


def logged_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of a resource's mark: its last version in the log."""
    return ItemKey(purpose_partition(tenant, "logged"), resource_name(key))


def lane_end_key(tenant: str, lane: int) -> ItemKey:
    """Return the key of the position behind the last entry of a lane, which stays when the entries expire."""
    return ItemKey(purpose_partition(tenant, "logged"), f"-{lane}")


def compared_key(tenant: str) -> ItemKey:
    """Return the key of the time up to which a tenant's log was compared with its resources."""
    return ItemKey(purpose_partition(tenant, "logged"), "-")


def feed_key(tenant: str) -> ItemKey:
    """Return the key of a tenant's settings of its feed."""
    return ItemKey(purpose_partition(tenant, "feed"), "-")


def poll_key(tenant: str, receiver: str) -> ItemKey:
    """Return the key of the positions that a receiver has acknowledged; `receiver` is a hash."""
    return ItemKey(purpose_partition(tenant, "poll"), checked(ID, receiver))


def resource_partition(pk: str) -> tuple[str, str] | None:
    """Return the tenant and the type of a partition of resources, None for another partition."""
    match pk.split("#"):
        case ["T", tenant, type_name] if TYPE.fullmatch(type_name):
            return tenant, type_name
        case _:
            return None
