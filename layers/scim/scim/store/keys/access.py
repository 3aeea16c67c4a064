"""How what opens directories is keyed, and what tenants define: apart from the directories.

A policy can fence each: `TOKEN#…`, `TENANT#…`, `ISSUER#…` and `CLIENT#…` for what opens them,
`D#<tenant>` for definitions.
"""

import re

from scim.store.keys.directory import ID, LAST, NAME, Place, checked

HASH = re.compile(r"[0-9a-f]{64}")
PREFIX_OF_TOKENS = "TOKEN#"
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


def place_of_token(hash_: str) -> Place:
    """Return where the token with that SHA-256 is."""
    return Place(f"{PREFIX_OF_TOKENS}{checked(HASH, hash_)}", "-")


def partition_of_access(tenant: str) -> str:
    """Return the partition of a tenant's settings and of what may open its directory."""
    return f"TENANT#{checked(NAME, tenant)}"


def place_of_settings(tenant: str) -> Place:
    """Return where a tenant's settings are."""
    return Place(partition_of_access(tenant), "-")


def place_of_access(tenant: str, purpose: str, name: str) -> Place:
    """Return where a token or an issuer is listed under its tenant."""
    return Place(partition_of_access(tenant), f"{purpose}#{checked(ID, name)}")


def span_of_access(purpose: str) -> tuple[str, str]:
    """Return the first and last sort key of a tenant's tokens or issuers."""
    return f"{purpose}#", f"{purpose}#{LAST}"


def partition_of_names() -> str:
    """Return the partition that names all tenants."""
    return "TENANT#~"


def place_of_name(tenant: str) -> Place:
    """Return where a tenant is named."""
    return Place(partition_of_names(), checked(NAME, tenant))


def partition_of_issuer(hash_: str) -> str:
    """Return the partition of the tenants that trust the issuer with that SHA-256."""
    return f"ISSUER#{checked(HASH, hash_)}"


def place_of_issuer(hash_: str, tenant: str) -> Place:
    """Return where a tenant says on which terms it trusts an issuer."""
    return Place(partition_of_issuer(hash_), checked(NAME, tenant))


def place_of_client(client_id: str) -> Place:
    """Return where a client of the token endpoint is."""
    return Place(f"CLIENT#{checked(NAME, client_id)}", "-")


def place_of_assertion(client_id: str, hash_: str) -> Place:
    """Return where it is remembered that a client's assertion was used."""
    return Place(f"CLIENT#{checked(NAME, client_id)}", f"assertion#{checked(HASH, hash_)}")
