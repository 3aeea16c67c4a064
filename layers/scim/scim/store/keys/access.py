"""How what opens directories is keyed, and what tenants define: apart from the directories.

A policy can fence each: `TOKEN#…`, `TENANT#…`, `ISSUER#…` and `CLIENT#…` for what opens them,
`ASSERTION#…` for those that were used, `AUDIT#<tenant>` for what was done to them, `SETUP#…` and
`SESSION#…` for links to the setup portal and the console and what they were exchanged for,
`D#<tenant>` for definitions.
"""

import re

from scim.store.keys.directory import ID, LAST, NAME, ItemKey, checked

HASH = re.compile(r"[0-9a-f]{64}")
PREFIX_OF_TOKENS = "TOKEN#"
_FIRST, _LAST = "0", "9" * 10


def definitions_partition(tenant: str) -> str:
    """Return the partition of everything a tenant has defined."""
    if NAME.fullmatch(tenant) is None:
        raise ValueError("a tenant that cannot be part of a key")
    return f"D#{tenant}"


def definitions_key(tenant: str) -> ItemKey:
    """Return where it says which version is in force."""
    return ItemKey(definitions_partition(tenant), "-")


def edition_key(tenant: str, version: int) -> ItemKey:
    """Return where one version is."""
    return ItemKey(definitions_partition(tenant), f"{version:09d}")


def editions_range() -> tuple[str, str]:
    """Return the first and last sort key of the versions."""
    return _FIRST, _LAST


def token_key(hash_: str) -> ItemKey:
    """Return where the token with that SHA-256 is."""
    return ItemKey(f"{PREFIX_OF_TOKENS}{checked(HASH, hash_)}", "-")


def access_partition(tenant: str) -> str:
    """Return the partition of a tenant's settings and of what may open its directory."""
    return f"TENANT#{checked(NAME, tenant)}"


def settings_key(tenant: str) -> ItemKey:
    """Return where a tenant's settings are."""
    return ItemKey(access_partition(tenant), "-")


def access_key(tenant: str, purpose: str, name: str) -> ItemKey:
    """Return where a token or an issuer is listed under its tenant."""
    return ItemKey(access_partition(tenant), f"{purpose}#{checked(ID, name)}")


def access_range(purpose: str) -> tuple[str, str]:
    """Return the first and last sort key of a tenant's tokens or issuers."""
    return f"{purpose}#", f"{purpose}#{LAST}"


def acts_partition(tenant: str) -> str:
    """Return the partition of what administrators did to a tenant."""
    return f"AUDIT#{checked(NAME, tenant)}"


def act_key(tenant: str, at: str, id_: str) -> ItemKey:
    """Return where one act is: in order of time; `at` is RFC 3339."""
    return ItemKey(acts_partition(tenant), f"{at}#{checked(ID, id_)}")


def names_partition() -> str:
    """Return the partition that names all tenants."""
    return "TENANT#~"


def name_key(tenant: str) -> ItemKey:
    """Return where a tenant is named."""
    return ItemKey(names_partition(), checked(NAME, tenant))


def issuer_partition(hash_: str) -> str:
    """Return the partition of the tenants that trust the issuer with that SHA-256."""
    return f"ISSUER#{checked(HASH, hash_)}"


def issuer_key(hash_: str, tenant: str) -> ItemKey:
    """Return where a tenant says on which terms it trusts an issuer."""
    return ItemKey(issuer_partition(hash_), checked(NAME, tenant))


def client_key(client_id: str) -> ItemKey:
    """Return where a client of the token endpoint is."""
    return ItemKey(f"CLIENT#{checked(NAME, client_id)}", "-")


def assertion_key(client_id: str, hash_: str) -> ItemKey:
    """Return where it is remembered that a client's assertion was used."""
    return ItemKey(f"ASSERTION#{checked(NAME, client_id)}", checked(HASH, hash_))


def setup_link_key(hash_: str) -> ItemKey:
    """Return where the link with that SHA-256 of its secret is."""
    return ItemKey(f"SETUP#{checked(HASH, hash_)}", "-")


def session_key(hash_: str) -> ItemKey:
    """Return where the session with that SHA-256 of its cookie is."""
    return ItemKey(f"SESSION#{checked(HASH, hash_)}", "-")


def mapping_draft_key(tenant: str) -> ItemKey:
    """Return where the draft of a tenant's mapping is."""
    return ItemKey(access_partition(tenant), "mapping")


def onboarding_key(tenant: str) -> ItemKey:
    """Return where it says how far a tenant's setup is."""
    return ItemKey(access_partition(tenant), "onboarding")
