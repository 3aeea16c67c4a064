"""The keys of a directory's items, and the checks that other keys share (docs/decisions/0001-one-table.md).

Partition keys begin with the item's owner: `T#<tenant>#…` for a tenant's directory, `T#~#…` for what the
sweeper needs across tenants. The functions that serve directories cannot read `TOKEN#…`, `TENANT#…` and
`ISSUER#…` (credentials and settings), and can only read `D#<tenant>` (a tenant's definitions). Components of
a key are checked, and free text is alone at the end of a sort key: a client's text cannot change the
partition or the other components.
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from scim.access.tenant import TENANT_NAME
from scim.errors import InvalidValue
from scim.resource.record import Entry, Key, Link

TYPE = re.compile(r"[A-Z][A-Za-z0-9_-]{0,63}")
ID = re.compile(r"[A-Za-z0-9._:@-]{1,128}")
ATTRIBUTE = re.compile(r"(?:(?!#)[!-~]){1,256}")

SEPARATOR = "\x00"
ESCAPE = str.maketrans({"\x00": "\x01\x01", "\x01": "\x01\x02"})
FIRST, LAST = "\x01", "\U0010ffff"
"""Sort keys before and after all others."""
EMPTY, CUT = "\x01", "\x01\x03"
VALUE_BYTES, CUT_BYTES = 760, 640

LAST_MODIFIED_INDEX = "byLastModified"


class ItemKey(NamedTuple):
    """The primary key of one item."""

    pk: str
    sk: str


def is_id(text: str) -> bool:
    """Tell whether the text is a possible id of a resource."""
    return ID.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def type_partition(tenant: str, type_name: str) -> str:
    """Return the partition of a type's resources; the index byLastModified uses it too."""
    return f"T#{checked(TENANT_NAME, tenant)}#{checked(TYPE, type_name)}"


def resource_key(tenant: str, key: Key) -> ItemKey:
    return ItemKey(type_partition(tenant, key.type), checked(ID, key.id))


@lru_cache(maxsize=1024)
def index_partition(tenant: str, type_name: str, attribute: str) -> str:
    """Return the partition of an attribute's index entries, in key order."""
    return f"{type_partition(tenant, type_name)}#{checked(ATTRIBUTE, attribute)}"


def entry_key(tenant: str, key: Key, entry: Entry) -> ItemKey:
    """Return the key of an index entry: its value if it is unique, else its value and the resource's id."""
    value = index_value(entry.value)
    end = "" if entry.is_unique else SEPARATOR + checked(ID, key.id)
    return ItemKey(index_partition(tenant, key.type, entry.attribute), value + end)


def value_range(value: str) -> tuple[str, str]:
    """Return the first and last sort key that an entry of that value can have, unique or not."""
    first = index_value(value)
    return first, first + SEPARATOR + LAST


def index_value(value: str) -> str:
    """Return the folded value as a sort key: order is kept, values of any length stay distinct.

    A value that is longer than a sort key is cut, and its hash is appended. Raises InvalidValue for half of a
    surrogate pair.
    """
    escaped = value.translate(ESCAPE) or EMPTY
    try:
        stored = escaped.encode()
    except UnicodeEncodeError as broken:
        raise InvalidValue("A text holds half of a surrogate pair; send whole characters.") from (
            broken
        )
    if len(stored) <= VALUE_BYTES:
        return escaped
    kept = stored[:CUT_BYTES].decode(errors="ignore").removesuffix("\x01")
    return kept + CUT + hashlib.sha256(stored).hexdigest()


def edges_partition(tenant: str, source: Key, attribute: str) -> str:
    """Return the partition of one relation's edges; their sort keys are the targets' ids."""
    return f"{'#'.join(resource_key(tenant, source))}#{checked(ATTRIBUTE, attribute)}"


def edge_key(tenant: str, source: Key, attribute: str, target_id: str) -> ItemKey:
    return ItemKey(edges_partition(tenant, source, attribute), checked(ID, target_id))


def counters_partition(tenant: str) -> str:
    """Return the partition of the tenant's counter shards."""
    return purpose_partition(tenant, "count")


def counters_range(type_name: str) -> tuple[str, str]:
    """Return the first and last sort key of a type's counter shards."""
    prefix = f"{checked(TYPE, type_name)}#"
    return prefix, prefix + LAST


def counter_key(tenant: str, type_name: str, shard: int) -> ItemKey:
    return ItemKey(counters_partition(tenant), f"{checked(TYPE, type_name)}#{shard:02d}")


def reaps_partition(tenant: str) -> str:
    """Return the partition of the tenant's reap jobs."""
    return purpose_partition(tenant, "reap")


def reap_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the reap job of a deleted resource."""
    return ItemKey(reaps_partition(tenant), resource_name(key))


def closings_partition(tenant: str) -> str:
    """Return the partition of the tenant's cascades."""
    return purpose_partition(tenant, "closing")


def closing_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the cascade that deletes a resource's referrers before it."""
    return ItemKey(closings_partition(tenant), resource_name(key))


def journals_partition(tenant: str) -> str:
    """Return the partition of the tenant's open journals."""
    return purpose_partition(tenant, "journal")


def journal_key(tenant: str, key: Key) -> ItemKey:
    """Return the key of the open journal of a resource."""
    return ItemKey(journals_partition(tenant), resource_name(key))


def chunk_key(tenant: str, key: Key, journal: str, number: int) -> ItemKey:
    return ItemKey(
        purpose_partition(tenant, "chunk"),
        f"{resource_name(key)}#{checked(ID, journal)}#{number:04d}",
    )


def nesting_key(tenant: str, type_name: str, attribute: str) -> ItemKey:
    """Return the key of the guard of a relation to its own type."""
    return ItemKey(purpose_partition(tenant, "nesting"), f"{checked(TYPE, type_name)}#{attribute}")


OPEN_WORK = "T#~#work"
"""The partition of byLastModified that holds the open work of all tenants."""


def work_keys(tenant: str, kind: str, key: Key) -> dict[str, str]:
    """Return the attributes that place open work in byLastModified; `kind` is `journal` or another kind."""
    return {"gp": OPEN_WORK, "gs": f"{checked(TENANT_NAME, tenant)}#{kind}#{resource_name(key)}"}


def work_of_tenant(tenant: str) -> tuple[str, str]:
    """Return the first and last sort key of a tenant's open work."""
    prefix = f"{checked(TENANT_NAME, tenant)}#"
    return prefix, prefix + LAST


def work_named(text: str) -> tuple[str, str, Key]:
    """Return the tenant, the kind and the resource in a sort key of open work."""
    tenant, kind, name = text.split("#", 2)
    return tenant, kind, key_named(name)


def tenants_partition() -> str:
    """Return the partition of the names of tenants that have ever had work for the sweeper."""
    return "T#~#open"


def tenant_key(tenant: str) -> ItemKey:
    """Return the key that names a tenant to the sweeper."""
    return ItemKey(tenants_partition(), checked(TENANT_NAME, tenant))


def rate_key(tenant: str, window: int) -> ItemKey:
    """Return the key of the number of a tenant's requests in a window."""
    return ItemKey(purpose_partition(tenant, "rate"), f"{window:012d}")


def breaker_key(tenant: str) -> ItemKey:
    return ItemKey(purpose_partition(tenant, "breaker"), "-")


def idempotency_key(tenant: str, name: str) -> ItemKey:
    """Return the key of the result of a request with an Idempotency-Key; `name` is a hash."""
    return ItemKey(f"{purpose_partition(tenant, 'once')}#{name[:2]}", checked(ID, name))


def request_key(tenant: str, place: int | None) -> ItemKey:
    """Return the key of one of the last requests, or of their counter if `place` is None."""
    return ItemKey(purpose_partition(tenant, "request"), "-" if place is None else f"{place:06d}")


def requests_kept_key(tenant: str) -> ItemKey:
    """Return the key of a tenant's settings of the request log."""
    return ItemKey(purpose_partition(tenant, "request"), "settings")


def refusals_partition(tenant: str) -> str:
    """Return the partition of the refusals of a tenant's clients."""
    return purpose_partition(tenant, "refused")


def refusal_key(tenant: str, since: str, hash_: str) -> ItemKey:
    """Return the key of the count of similar refusals in an hour."""
    return ItemKey(refusals_partition(tenant), f"{since}#{checked(ID, hash_)}")


def tolerances_partition(tenant: str) -> str:
    """Return the partition of the counts of tolerances that a tenant's clients use."""
    return purpose_partition(tenant, "fired")


ALL_TOLERANCES = "~"
"""The sort key of the item that counts all tolerances of a tenant; no tolerance has this name."""


def tolerance_key(tenant: str, name: str) -> ItemKey:
    """Return the key of the count of one tolerance, or of all."""
    return ItemKey(tolerances_partition(tenant), name)


def number_key(tenant: str, type_name: str) -> ItemKey:
    """Return the key of the last number that a resource of the type was given as its id."""
    return ItemKey(purpose_partition(tenant, "number"), checked(TYPE, type_name))


def key_named(text: str) -> Key:
    """Return the resource in the sort key of a reap job, journal or other work."""
    type_name, _, id_ = text.partition("#")
    return Key(type_name, id_)


def index_hour(last_modified: str, id_: str) -> str:
    """Return the sort key in byLastModified. It has only the hour, so most updates do not write to the index."""
    return f"{last_modified[:13]}#{id_}"


def count_attribute(relation: str) -> str:
    """Return the item attribute that counts the edges of a relation."""
    return f"n.{relation}"


def referrers_attribute(link: Link) -> str:
    """Return the item attribute that counts the referrers by one reference."""
    return f"r.{link.type}.{link.attribute}"


def link_attribute(link: Link) -> str:
    """Return the item attribute with the ids of the sources of a relation."""
    return f"g.{link.type}.{link.attribute}"


@lru_cache(maxsize=1024)
def link_named(attribute: str) -> Link:
    """Return the relation or reference that such an attribute belongs to."""
    _, type_name, relation = attribute.split(".", 2)
    return Link(type_name, relation)


def resource_name(key: Key) -> str:
    """Return the part of a sort key that names a resource."""
    return f"{checked(TYPE, key.type)}#{checked(ID, key.id)}"


def directory_prefix(tenant: str) -> str:
    """Return the beginning of the partitions of everything in a tenant's directory."""
    return f"T#{checked(TENANT_NAME, tenant)}#"


def purpose_partition(tenant: str, purpose: str) -> str:
    """Return the partition of a tenant's items of one purpose."""
    # Purposes are lower case and types are capitalised, so they cannot collide.
    return f"T#{checked(TENANT_NAME, tenant)}#{purpose}"


def checked(form: re.Pattern[str], text: str) -> str:
    """Return the text if it has the form. Raises ValueError for text that could change other parts of a key."""
    if form.fullmatch(text) is None:
        raise ValueError("a tenant, type, attribute or id that cannot be part of a key")
    return text
