"""How a tenant's definitions are keyed: apart from its directory, so that a policy can fence them."""

from scim.store.keys import NAME, Place

_FIRST, _LAST = "0", "9" * 10


def partition_of_definitions(tenant: str) -> str:
    """Return the partition of everything a tenant has defined."""
    if NAME.fullmatch(tenant) is None:
        raise ValueError("a tenant that cannot be part of a key")
    return f"D#{tenant}"


def place_of_definitions(tenant: str) -> Place:
    """Return where it says which version is in force."""
    return Place(partition_of_definitions(tenant), "-")


def place_of_edition(tenant: str, version: int) -> Place:
    """Return where one version is."""
    return Place(partition_of_definitions(tenant), f"{version:09d}")


def span_of_editions() -> tuple[str, str]:
    """Return the first and last sort key of the versions."""
    return _FIRST, _LAST
