"""Index entries: each has a live owner with its value, and each indexed value has its entry.

The index stores numbers and times as texts that sort in the order of the values.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from scim.fsck.item import Item, UnreadableError, folded
from scim.fsck.table import Items
from scim.fsck.violation import Violation, deleted

BIAS = 10_000
NINES = str.maketrans("0123456789", "9876543210")
TIME = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)?", re.ASCII)
SEPARATOR, CUT = "\x00", "\x01\x03"
UNESCAPED = (("\x01\x01", "\x00"), ("\x01\x02", "\x01"))


def entries(items: Items) -> Iterator[str]:
    """Yield entries without a live owner, and entries whose owner does not have their value."""
    for entry in items.of["entry"]:
        key = entry.tenant, entry.type, entry.attributes["i"]
        if not items.owns(key):
            continue
        value, separator, id_ = (
            entry.sk.rpartition(SEPARATOR)
            if _is_shared(entry)
            else (
                entry.sk,
                "",
                entry.attributes["i"],
            )
        )
        if separator and id_ != entry.attributes["i"]:
            yield f"{entry.name!r}: its key and its owner differ"
        owner = items.live.get(key)
        gone = deleted(entry.pk, entry.sk, i={"S": entry.attributes["i"]})
        if owner is None:
            yield Violation(f"{entry.name!r}: an entry of nothing that lives", gone)
        elif _plain(value) not in _values(owner, entry.parts[3]):
            yield Violation(f"{entry.name!r}: an entry whose owner has another value", gone)


def values(items: Items) -> Iterator[str]:
    """Yield live resources with an unindexed value of an attribute that is indexed for their type.

    A late index may lack values until it is fully built for the tenant.
    """
    indexed: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for entry in items.of["entry"]:
        value = entry.sk.rpartition(SEPARATOR)[0] if _is_shared(entry) else entry.sk
        indexed[entry.tenant, entry.type, entry.parts[3]].add(
            (entry.attributes["i"], _plain(value))
        )
    for (tenant, type_name, id_), item in items.live.items():
        for attribute in sorted(items.overview.indexed.get((tenant, type_name), ())):
            if not items.overview.is_complete(tenant, type_name, attribute):
                continue
            indexed_values = indexed[tenant, type_name, attribute]
            for value in _values(item, attribute):
                if (id_, value) not in indexed_values:
                    yield f"{item.name}: its {attribute} is not indexed"


def _is_shared(entry: Item) -> bool:
    return SEPARATOR in entry.sk


def _plain(value: str) -> str:
    """Return a stored value in the form of `_values`; of a cut value, what is left of it."""
    if CUT in value:
        return _cut(value.partition(CUT)[0])
    if value == "\x01":
        return ""
    for stored, meant in UNESCAPED:
        value = value.replace(stored, meant)
    return _cut(value)


def _cut(value: str) -> str:
    # Values are compared without case and without white space around them.
    return instant_text(folded(value).strip())[:150]


def _values(item: Item, attribute: str) -> set[str]:
    try:
        members = _members_at(item.body, attribute)
    except UnreadableError:
        return set()
    return {_cut(text) for text in map(_text, members) if text is not None}


def _members_at(body: dict[str, Any], attribute: str) -> list[Any]:
    container: Any = body
    if attribute.lower().startswith("urn:"):
        urn, _, attribute = attribute.rpartition(":")
        container = _member(body, urn)
    level = [container]
    for name in attribute.split("."):
        members = [_member(value, name) for value in level]
        level = [v for value in members for v in (value if isinstance(value, list) else [value])]
    return [value for value in level if value is not None]


def _member(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return None
    return next((member for key, member in value.items() if key.lower() == name.lower()), None)


def _text(value: Any) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return number_text(value)
        case _:
            return None


def number_text(value: float) -> str:
    """Return a number as text: `1` for zero, else its sign, exponent and digits.

    For a negative number exponent and digits are complemented and followed by `~`.
    """
    number = Decimal(str(value))
    if not number:
        return "1"
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    text = f"{number.adjusted() + BIAS:05d}{digits}"
    return f"2{text}" if number > 0 else f"0{text.translate(NINES)}~"


def instant_text(text: str) -> str:
    """Return a time (in lower case) in UTC with microseconds; any other text unchanged, such as a month 13."""
    if TIME.fullmatch(text) is None:
        return text
    try:
        moment = datetime.fromisoformat(text.upper())
        utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds").lower() + "z"
