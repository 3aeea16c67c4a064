"""Keys of the items that give access to directories, and of tenants' definitions.

These are apart from the directories, so that a policy can restrict each group: `TOKEN#…`, `TENANT#…`,
`ISSUER#…` and `CLIENT#…` for credentials and settings, `ASSERTION#…` for used assertions, `AUDIT#<tenant>`
for administrators' acts, `SETUP#…` and `SESSION#…` for links to the setup portal and the console and their
sessions, `D#<tenant>` for definitions.
"""

import re

from scim.access.tenant import TENANT_NAME
from scim.store.keys.directory import ID, LAST, ItemKey, checked

HASH = re.compile(r"[0-9a-f]{64}")
CLIENT_ID = TENANT_NAME
"""An id of a client consists of the same characters as a tenant's name."""
PREFIX_OF_TOKENS = "TOKEN#"
_FIRST, _LAST = "0", "9" * 10


def definitions_partition(tenant: str) -> str:
    """Return the partition of everything a tenant has defined. Raises ValueError for an invalid name."""
    if TENANT_NAME.fullmatch(tenant) is None:
        raise ValueError("a tenant that cannot be part of a key")
    return f"D#{tenant}"


def definitions_key(tenant: str) -> ItemKey:
    """Return the key of the item that names the version in force."""
    return ItemKey(definitions_partition(tenant), "-")


def edition_key(tenant: str, version: int) -> ItemKey:
    return ItemKey(definitions_partition(tenant), f"{version:09d}")


def editions_range() -> tuple[str, str]:
    """Return the first and last sort key of the versions."""
    return _FIRST, _LAST


def token_key(hash_: str) -> ItemKey:
    """Return the key of the token with that SHA-256."""
    return ItemKey(f"{PREFIX_OF_TOKENS}{checked(HASH, hash_)}", "-")


def access_partition(tenant: str) -> str:
    """Return the partition of a tenant's settings and of the credentials for its directory."""
    return f"TENANT#{checked(TENANT_NAME, tenant)}"


def settings_key(tenant: str) -> ItemKey:
    return ItemKey(access_partition(tenant), "-")


def access_key(tenant: str, purpose: str, name: str) -> ItemKey:
    """Return the key of the entry for a credential in its tenant's list; `purpose` is its kind."""
    return ItemKey(access_partition(tenant), f"{purpose}#{checked(ID, name)}")


def access_range(purpose: str) -> tuple[str, str]:
    """Return the first and last sort key of a tenant's list of one kind."""
    return f"{purpose}#", f"{purpose}#{LAST}"


def acts_partition(tenant: str) -> str:
    """Return the partition of administrators' acts on a tenant."""
    return f"AUDIT#{checked(TENANT_NAME, tenant)}"


def act_key(tenant: str, at: str, id_: str) -> ItemKey:
    """Return the key of one act: in order of time; `at` is RFC 3339."""
    return ItemKey(acts_partition(tenant), f"{at}#{checked(ID, id_)}")


def names_partition() -> str:
    return "TENANT#~"


def name_key(tenant: str) -> ItemKey:
    return ItemKey(names_partition(), checked(TENANT_NAME, tenant))


def issuer_partition(hash_: str) -> str:
    """Return the partition of the tenants that trust the issuer with that SHA-256."""
    return f"ISSUER#{checked(HASH, hash_)}"


def issuer_key(hash_: str, tenant: str) -> ItemKey:
    """Return the key of the terms on which a tenant trusts an issuer."""
    return ItemKey(issuer_partition(hash_), checked(TENANT_NAME, tenant))


def client_key(client_id: str) -> ItemKey:
    """Return the key of a client of the token endpoint."""
    return ItemKey(f"CLIENT#{checked(CLIENT_ID, client_id)}", "-")


def assertion_key(client_id: str, hash_: str) -> ItemKey:
    """Return the key of the record that a client's assertion was used."""
    return ItemKey(f"ASSERTION#{checked(CLIENT_ID, client_id)}", checked(HASH, hash_))


def setup_link_key(hash_: str) -> ItemKey:
    """Return the key of the link whose secret has that SHA-256."""
    return ItemKey(f"SETUP#{checked(HASH, hash_)}", "-")


def links_partition(tenant: str) -> str:
    """Return the partition that lists a tenant's links; with an empty name those to the console."""
    return access_partition(tenant) if tenant else "SETUP#~"


def link_name_key(tenant: str, link_id: str) -> ItemKey:
    """Return the key of the entry for a link in the list of its tenant, or of the console."""
    return ItemKey(links_partition(tenant), f"setup#{checked(ID, link_id)}")


def session_key(hash_: str) -> ItemKey:
    """Return the key of the session whose cookie has that SHA-256."""
    return ItemKey(f"SESSION#{checked(HASH, hash_)}", "-")


def mapping_draft_key(tenant: str) -> ItemKey:
    return ItemKey(access_partition(tenant), "mapping")


def onboarding_key(tenant: str) -> ItemKey:
    """Return the key of the progress of a tenant's setup."""
    return ItemKey(access_partition(tenant), "onboarding")
