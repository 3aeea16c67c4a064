"""Where it is what is kept of deleted resources, and that edges of restored ones are made again."""

from scim.resource.record import Key
from scim.store.keys.directory import ID, NAME, TYPE, ItemKey, checked


def kept_key(tenant: str, key: Key) -> ItemKey:
    """Return where it is what is kept of a deleted resource."""
    return ItemKey(_own(tenant, "kept"), _named(key))


def kept_edges_partition(tenant: str, key: Key) -> str:
    """Return the partition of the edges that are kept of a deleted resource."""
    return f"{_own(tenant, 'kept')}#{_named(key)}"


def rejoins_partition(tenant: str) -> str:
    """Return the partition of the tenant's restored resources that lack edges yet."""
    return _own(tenant, "rejoin")


def rejoin_key(tenant: str, key: Key) -> ItemKey:
    """Return where it stands that edges of a restored resource are being made again."""
    return ItemKey(rejoins_partition(tenant), _named(key))


def _named(key: Key) -> str:
    return f"{checked(TYPE, key.type)}#{checked(ID, key.id)}"


def _own(tenant: str, purpose: str) -> str:
    return f"T#{checked(NAME, tenant)}#{purpose}"
