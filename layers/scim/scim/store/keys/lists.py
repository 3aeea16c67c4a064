"""Keys of the items that only lists need; the others are in `scim.store.keys.directory`."""

import re

from scim.resource.access_path import KeyRange, Limit
from scim.store.keys.directory import (
    EMPTY,
    ESCAPE,
    LAST,
    SEPARATOR,
    VALUE_BYTES,
    ItemKey,
    index_partition,
    index_value,
    purpose_partition,
)


def values_range(key_range: KeyRange) -> tuple[str, str]:
    """Return the first and last sort key of the entries whose values are in a range.

    If the range excludes its upper value, the last sort key still includes that value's unique entry.
    """
    if key_range.prefix is not None:
        prefix = key_range.prefix.translate(ESCAPE)
        return prefix or EMPTY, _end_of(prefix)
    first, last = EMPTY, _end_of("")
    if key_range.lower is not None:
        value, limit = key_range.lower
        first = index_value(value) + (SEPARATOR + LAST if limit is Limit.WITHOUT else "")
    if key_range.upper is not None:
        value, limit = key_range.upper
        last = index_value(value) + (SEPARATOR + LAST if limit is Limit.WITH else "")
    return first, last


def _end_of(prefix: str) -> str:
    """Return a text after all sort keys with a prefix: a value can begin with the last character too."""
    return prefix + LAST * (1 + (VALUE_BYTES - len(prefix.encode())) // len(LAST.encode()))


INDEX_DIGITS = 12


def places_of_walk(tenant: str, walk: str) -> ItemKey:
    """Return the partition of a walk's page markers and the prefix of their sort keys."""
    return ItemKey(purpose_partition(tenant, "page"), _walk_name(walk) + "#")


def mark_key(tenant: str, walk: str, index: int, name: str) -> ItemKey:
    """Return the key of a walk's page marker at an index, under a name."""
    pk, prefix = places_of_walk(tenant, walk)
    return ItemKey(pk, f"{prefix}{index:0{INDEX_DIGITS}d}#{name}")


def seal_key(tenant: str) -> ItemKey:
    """Return the key of the secret that seals a tenant's cursors."""
    return ItemKey(purpose_partition(tenant, "page"), "~")


def build_key(tenant: str, type_name: str, attribute: str) -> ItemKey:
    """Return the key of the progress of a late index's build."""
    # The name is the partition of the entries, which is checked, without its prefix.
    named = index_partition(tenant, type_name, attribute).removeprefix(f"T#{tenant}#")
    return ItemKey(purpose_partition(tenant, "build"), named)


def _walk_name(walk: str) -> str:
    if re.fullmatch(r"[0-9a-z]{1,64}", walk) is None:
        raise ValueError("a walk's name is made of small letters and digits")
    return walk
