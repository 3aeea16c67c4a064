"""The overlay of a job's dry run: what its steps would leave, one item for each resource and unique value.

`z` the content that takes the place of what is stored, `n` how often it changed, `ttl` its end; `+type attribute`
and `-type attribute` the ids that a back link would have gained and lost, `#type attribute` by how much the
number of references would have grown.
"""

from typing import Final

from scim.resource.change import Receipt
from scim.resource.overlay import OverlayChange, OverlayEntry
from scim.resource.record import Link
from scim.store.dynamodb.values import SCHEMA, Item, Value, packed, packed_object
from scim.store.dynamodb.write import Condition, Write, counts
from scim.store.keys.jobs import claim_key

_GAINED: Final = "+"
_LOST: Final = "-"
_REFERRERS: Final = "#"


def overlay_changed(tenant: str, receipt: Receipt, overlay_change: OverlayChange) -> Write:
    """Return the write of a change, refused as Stale if it is based on old content."""
    sets: dict[str, Value] = {"k": "claim", "s": SCHEMA, "ttl": receipt.until}
    conditions: tuple[Condition, ...] = ()
    if overlay_change.content is not None:
        sets |= {"z": packed(overlay_change.content), "n": overlay_change.revision + 1}
        conditions = (counts("n", overlay_change.revision),)
    adds: dict[str, Value] = {}
    drops: dict[str, Value] = {}
    if overlay_change.link is not None:
        name = " ".join(overlay_change.link)
        for id_, gaining, losing in (
            (overlay_change.linked, _GAINED, _LOST),
            (overlay_change.unlinked, _LOST, _GAINED),
        ):
            if id_:
                adds[gaining + name] = frozenset({id_.encode()})
                drops[losing + name] = frozenset({id_.encode()})
        if overlay_change.references:
            adds[_REFERRERS + name] = overlay_change.references
    item_key = claim_key(tenant, receipt.job, overlay_change.name)
    return Write("Update", item_key, conditions, sets=sets, adds=adds, drops=drops)


def overlay_entry_in(row: Item) -> OverlayEntry:
    """Return the entry that an item holds."""
    linked: dict[Link, frozenset[str]] = {}
    unlinked: dict[Link, frozenset[str]] = {}
    referrers: dict[Link, int] = {}
    for name, value in row.items():
        if isinstance(value, frozenset):
            ids = frozenset(id_.decode() for id_ in value)
            (linked if name[0] == _GAINED else unlinked)[_link(name)] = ids
        elif name[0] == _REFERRERS and isinstance(value, int):
            referrers[_link(name)] = value
    content = packed_object(row, "z") if "z" in row else None
    revision = row.get("n", 0)
    return OverlayEntry(
        content, revision if isinstance(revision, int) else 0, linked, unlinked, referrers
    )


def _link(name: str) -> Link:
    type_name, _, attribute = name[1:].partition(" ")
    return Link(type_name, attribute)
