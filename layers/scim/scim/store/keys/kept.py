"""Keys of what is kept of deleted resources, and of the jobs that restore edges."""

from scim.resource.record import Key
from scim.store.keys.directory import ID, NAME, TYPE, ItemKey, checked


def kept_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the kept copy of a deleted resource."""
    return ItemKey(_own(tenant, "kept"), _named(key))


def kept_edges_partition(tenant: str, key: Key) -> str:
    """Return the partition of the kept edges of a deleted resource."""
    return f"{_own(tenant, 'kept')}#{_named(key)}"


def rejoins_partition(tenant: str) -> str:
    """Return the partition of the tenant's restored resources that still lack edges."""
    return _own(tenant, "rejoin")


def rejoin_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the job that restores a resource's edges."""
    return ItemKey(rejoins_partition(tenant), _named(key))


def _named(key: Key) -> str:
    return f"{checked(TYPE, key.type)}#{checked(ID, key.id)}"


def _own(tenant: str, purpose: str) -> str:
    return f"T#{checked(NAME, tenant)}#{purpose}"
