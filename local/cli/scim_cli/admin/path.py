"""The paths of a tenant's parts in the Admin API."""

from urllib.parse import quote


def path_of(tenant: str, *parts: str) -> str:
    """Return the path of a tenant, or of a part of it."""
    return "/".join(("/tenants", *(quote(part, safe="") for part in (tenant, *parts))))
