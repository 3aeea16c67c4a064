"""A resource as an item, live or as a tombstone.

Attributes: `v` version, `c` created, `m` lastModified, `z` body, `n.<relation>` number of edges,
`g.<Type>.<relation>` ids of the sources that point here, `l` the number of these ids, `r.<Type>.<reference>`
the number of resources that refer here, `x` the time since which these are being deleted, `gp` and `gs` the
keys in byLastModified, `j` the open journal, `d` the time of deletion, `ttl` the end of the tombstone, and
`by` who changed it last and how. `by` is packed JSON with the origin's own names
(`scim.resource.history.origin`), `o` the action, `p` the names of the secrets that were sent, and `r` the edges
that were added and removed: `{"members": {"+": {"User": [ids]}, "-": {}}}`, or only their numbers if they are more
than MOST_NAMED: `{"members": {"+": 10000, "-": 0}}`.
"""

from binascii import a2b_base64
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from scim.compact import carried_bytes
from scim.errors import PayloadTooLarge
from scim.immutable import REMEMBERED
from scim.resource.body import ParsedLater, with_text
from scim.resource.change import Creation, Update
from scim.resource.history.origin import Action
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import RelationNames
from scim.store.directory.attribution import attribution
from scim.store.dynamodb.values import (
    SCHEMA,
    Item,
    Value,
    Wire,
    binaries,
    binary_in,
    deflated,
    encoded_item,
    inflated,
)
from scim.store.dynamodb.write import Condition, Write, absent, equals, exists
from scim.store.keys.directory import (
    count_attribute,
    index_hour,
    link_attribute,
    link_named,
    referrers_attribute,
    resource_key,
    type_partition,
)

UUID, TEXT = b"\x01", b"\x00"
MOST_BYTES: Final = 4_000_000
"""The most bytes of a body in a response, which has room for 6 MB with all that belongs to the resource."""
SHORT = 17
FULL: Final = 400_000
"""The bytes of body and links beyond which no more links are accepted. DynamoDB's limit for the item is 409,600: the
rest is for what others add at the same time, and for later changes of the resource itself."""


def is_live(item: Mapping[str, object]) -> bool:
    """Tell whether the item is a resource that has not been deleted."""
    return "v" in item and "d" not in item


def _packed_body(body: Mapping[str, object]) -> bytes:
    """Return a body as it is stored. Raises PayloadTooLarge for one that no response could show."""
    text = with_text(body).text
    if len(text) > MOST_BYTES // 4 and carried_bytes(text) > MOST_BYTES:
        raise PayloadTooLarge(f"A resource may take up to {MOST_BYTES} bytes in a response.")
    return deflated(text)


def item_of(tenant: str, creation: Creation) -> Item:
    """Return the item of a new resource, without its primary key."""
    return {
        "k": "resource",
        "s": SCHEMA,
        "v": 1,
        "c": creation.now,
        "m": creation.now,
        "z": _packed_body(creation.body),
        "by": attribution(creation.origin, Action.CREATE, creation.edges, creation.secrets),
        **index_keys(tenant, creation.key, creation.now),
    }


def index_keys(tenant: str, key: Key, last_modified: str) -> dict[str, Value]:
    """Return the attributes that place a resource in byLastModified."""
    return {"gp": type_partition(tenant, key.type), "gs": index_hour(last_modified, key.id)}


_USUAL = frozenset({"pk", "sk", "k", "s", "v", "c", "m", "z", "by", "gp", "gs"})
_NO_LINKS: Mapping[Link, frozenset[str]] = {}
_NO_COUNTS: Mapping[str, int] = {}
_NO_REFERRERS: Mapping[Link, int] = {}


def record_in(type_name: str, wire: Wire) -> Record:
    """Return the record of a live item in wire form. Most items need only their body and times decoded."""
    item: Any = wire
    stored = item["z"]["B"]
    content = a2b_base64(stored) if stored.__class__ is str else stored
    text = inflated(content)
    if text[:1] != "{":
        raise TypeError("the body of a resource is not an object")
    links, counts, referrers, linked, is_full = _NO_LINKS, _NO_COUNTS, _NO_REFERRERS, 0, False
    if not wire.keys() <= _USUAL:
        links, counts, referrers = _related(item)
        linked = sum(map(len, links.values()))
        is_full = len(content) + SHORT * linked > FULL
    return Record(
        Key(type_name, item["sk"]["S"]),
        int(item["v"]["N"]),
        item["c"]["S"],
        item["m"]["S"],
        ParsedLater(text),
        links,
        counts,
        referrers,
        "j" in wire,
        "x" in wire,
        text,
        linked,
        is_full,
    )


def _related(
    item: Mapping[str, Any],
) -> tuple[Mapping[Link, frozenset[str]], Mapping[str, int], Mapping[Link, int]]:
    """Return a resource's links, its numbers of edges, and its numbers of referrers."""
    links: dict[Link, frozenset[str]] = {}
    counts: dict[str, int] = {}
    referrers: dict[Link, int] = {}
    for name in item.keys() - _USUAL:
        kind = name[:2]
        if kind == "g.":
            links[link_named(name)] = frozenset(
                [unpacked_id(binary_in(element)) for element in item[name]["BS"]]
            )
        elif kind == "n." and (edge_count := int(item[name]["N"])):
            counts[name[2:]] = edge_count
        elif kind == "r." and (referrer_count := int(item[name]["N"])):
            referrers[link_named(name)] = referrer_count
    return links, counts, referrers


def record_of(type_name: str, item: Item) -> Record:
    """Return the record in a live item."""
    return record_in(type_name, encoded_item(item))


_OF_EVERY: Final = ("sk", "v", "c", "m", "z", "d", "j", "x")


@lru_cache(maxsize=REMEMBERED)
def shown_attributes(related: RelationNames) -> tuple[str, ...]:
    """Return the attributes of an item that make up a record, with only these relations and references."""
    referrers = [Link(referrer.type, referrer.attribute) for referrer in related.referrers]
    return (
        *_OF_EVERY,
        *map(count_attribute, related.relations),
        *[link_attribute(Link(*link)) for link in related.incoming],
        *map(referrers_attribute, referrers),
    )


def links_of(item: Item) -> dict[Link, frozenset[str]]:
    """Return the ids of the resources that point to this one, by relation."""
    return {
        link_named(name): frozenset(map(unpacked_id, binaries(item, name)))
        for name in item
        if name.startswith("g.")
    }


def packed_id(id_: str) -> bytes:
    """Return an id as an element of a link set: 17 bytes for a UUID."""
    with suppress(ValueError):
        short = UUID + bytes.fromhex(id_.replace("-", ""))
        # Shorten only the spelling that unpacks to the same id.
        if len(short) == SHORT and unpacked_id(short) == id_:
            return short
    return TEXT + id_.encode()


def unpacked_id(stored: bytes) -> str:
    """Return the id in an element of a link set."""
    if stored[:1] == UUID:
        # RFC 9562 section 4 writes a UUID in five groups of digits; the first two digits are our own byte.
        digits = stored.hex()
        return f"{digits[2:10]}-{digits[10:14]}-{digits[14:18]}-{digits[18:22]}-{digits[22:]}"
    return stored[1:].decode()


def weight_of(record: Record) -> int:
    """Return the approximate size in bytes of the record's item without its body."""
    return 250 + sum(SHORT * len(ids) + 30 for ids in record.links.values())


ALIVE = (exists("v"), absent("d"))
FREE = (*ALIVE, absent("j"))
INDEX_MOVE = 2
"""The index writes of a changed key in byLastModified: one entry is removed, one added."""


def resource_put(tenant: str, creation: Creation) -> Write:
    """Return the step that puts a new resource."""
    item_key = resource_key(tenant, creation.key)
    item = item_of(tenant, creation)
    return Write("Put", item_key, (absent(),), item=item, index_writes=1, shows_met=False)


def resource_updated(tenant: str, update: Update) -> Write:
    """Return the step that updates the resource: new content, or only a change of its edges.

    New content is conditional on the version it was made from; a change of edges alone only if it must match.
    """
    before, now = update.before, update.now
    conditions: tuple[Condition, ...] = FREE
    if update.body is not None or update.must_match:
        conditions += (equals("v", before.version),)
    body: dict[str, Value] = {} if update.body is None else {"z": _packed_body(update.body)}
    by = attribution(update.origin, update.action, update.edges)
    return Write(
        "Update",
        resource_key(tenant, before.key),
        conditions,
        sets={"m": now, **index_keys(tenant, before.key, now), **body, "by": by},
        adds={"v": 1},
        size=weight_of(before) + len(by),
        index_writes=index_writes(before.last_modified, now),
    )


def with_counts(head: Write, counts: Mapping[str, int]) -> Write:
    """Return the step with changes to the number of edges of each relation."""
    if not counts:
        return head
    if head.action == "Put":
        return head._replace(item={**head.item, **counts})
    return head._replace(adds={**head.adds, **counts})


def index_writes(before: str, now: str) -> int:
    """Return the index writes of a change of lastModified: none within the same hour."""
    return 0 if before[:13] == now[:13] else INDEX_MOVE


TOMBSTONE_DAYS = 30


def end_of_tombstone(now: str, kept_until: int = 0) -> int:
    """Return when DynamoDB may remove a tombstone, in seconds since 1970; not before `kept_until`."""
    end = int((datetime.fromisoformat(now) + timedelta(days=TOMBSTONE_DAYS)).timestamp())
    return max(end, kept_until)
