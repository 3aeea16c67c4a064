"""Keys of what is kept of deleted resources, and of the jobs that restore edges."""

from scim.resource.record import Key
from scim.store.keys.directory import ItemKey, purpose_partition, resource_name


def kept_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the kept copy of a deleted resource."""
    return ItemKey(purpose_partition(tenant, "kept"), resource_name(key))


def kept_edges_partition(tenant: str, key: Key) -> str:
    """Return the partition of the kept edges of a deleted resource."""
    return f"{purpose_partition(tenant, 'kept')}#{resource_name(key)}"


def rejoins_partition(tenant: str) -> str:
    """Return the partition of the tenant's restored resources that still lack edges."""
    return purpose_partition(tenant, "rejoin")


def rejoin_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the job that restores a resource's edges."""
    return ItemKey(rejoins_partition(tenant), resource_name(key))
