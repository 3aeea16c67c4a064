"""The attribute `by` of a resource: who changed it last, and how.

Packed JSON: the origin's own names (`scim.resource.history.origin`), `o` what was done, `r` the edges that
came and went, by relation: `{"members": {"+": {"User": [ids]}, "-": {}}}`, or, of more than
MOST_NAMED, only their numbers: `{"members": {"+": 10000, "-": 0}}`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from scim.resource.change import EdgeDelta
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Key
from scim.store.dynamodb.values import Item, binary, packed, unpacked

MOST_NAMED = 50
"""Edges that are named one by one; of more the journal has the ids."""

Relations = Mapping[str, Mapping[str, Any]]


def attribution(origin: Origin, action: Action, deltas: Iterable[EdgeDelta] = ()) -> bytes:
    """Return the attribute for a change of the resource and of its relations."""
    changed = [
        (delta.attribute, [edge.target for edge in delta.added], list(delta.removed))
        for delta in deltas
    ]
    is_named = sum(len(came) + len(gone) for _, came, gone in changed) <= MOST_NAMED
    shown = _ids if is_named else len
    relations = {name: {"+": shown(came), "-": shown(gone)} for name, came, gone in changed}
    return packed({**origin.json(), "o": action, **({"r": relations} if relations else {})})


def bereavement(origin: Origin, attributes: Iterable[str], gone: Key) -> bytes:
    """Return the attribute for a resource that loses an edge because its target was deleted."""
    removed = (EdgeDelta(attribute, removed=(gone,)) for attribute in attributes)
    return attribution(origin, Action.PATCH, removed)


def attributed(item: Item) -> tuple[Origin, str, Relations]:
    """Return who changed a resource last, what was done, and to which relations.

    An item from before there was such an attribute says nothing of it.
    """
    if "by" not in item:
        return Origin(), "", {}
    held = cast(Mapping[str, Any], unpacked(binary(item, "by")))
    return Origin.from_json(held), str(held.get("o", "")), held.get("r", {})


def _ids(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.type, []).append(key.id)
    return found
