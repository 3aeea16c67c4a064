"""The attribute `by` of a resource's item: who changed it last, and which of its relations."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from scim.resource.change import EdgeDelta
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Key
from scim.store.dynamodb.values import Item, packed, packed_object

MOST_NAMED = 50
"""The maximum number of edges that are listed by id; the journal has the ids of larger changes."""

Relations = Mapping[str, Mapping[str, Any]]


class Attribution(NamedTuple):
    """Who changed a resource last, the action, the changes of its relations and the names of secrets."""

    origin: Origin
    action: str
    relations: Relations
    secrets: tuple[str, ...]


def attribution(
    origin: Origin, action: Action, deltas: Iterable[EdgeDelta] = (), secrets: tuple[str, ...] = ()
) -> bytes:
    """Return the attribute `by` for a change of the resource and of its relations, with names of secrets."""
    if not deltas and not secrets:
        return _attribution_alone(origin, action)
    changes = [
        (delta.attribute, [edge.target for edge in delta.added], list(delta.removed))
        for delta in deltas
    ]
    is_named = sum(len(added) + len(removed) for _, added, removed in changes) <= MOST_NAMED
    summary = _ids if is_named else len
    relations = {name: {"+": summary(more), "-": summary(less)} for name, more, less in changes}
    what = {"o": action, "r": relations, "p": secrets}
    return packed(origin.json() | {name: value for name, value in what.items() if value})


@lru_cache(maxsize=8)
def _attribution_alone(origin: Origin, action: Action) -> bytes:
    # A job changes thousands of resources in the same way.
    return packed({**origin.json(), "o": action})


def attribution_in(item: Item) -> Attribution:
    """Return the attribution of the last change; its parts are empty if they are not stored."""
    content = packed_object(item, "by") if "by" in item else {}
    relations, secrets = content.get("r", {}), tuple(content.get("p", ()))
    return Attribution(Origin.from_json(content), str(content.get("o", "")), relations, secrets)


def attribution_of_both(earlier: bytes, later: bytes) -> bytes:
    """Return the later of two attributes `by`, with the edges of both."""
    contents = [packed_object({"by": by}, "by") for by in (earlier, later)]
    relations: dict[str, dict[str, dict[str, list[str]]]] = {}
    for content in contents:
        for name, changes in content.get("r", {}).items():
            change = relations.setdefault(name, {"+": {}, "-": {}})
            for sign, ids_by_type in changes.items():
                change[sign] = _joined(change[sign], ids_by_type)
    return packed({**contents[0], **contents[1], **({"r": relations} if relations else {})})


def _joined(
    ids_by_type: Mapping[str, list[str]], more: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    return {
        type_name: list(dict.fromkeys([*ids_by_type.get(type_name, ()), *more.get(type_name, ())]))
        for type_name in {**ids_by_type, **more}
    }


def _ids(keys: Iterable[Key]) -> dict[str, list[str]]:
    ids_by_type: dict[str, list[str]] = {}
    for key in keys:
        ids_by_type.setdefault(key.type, []).append(key.id)
    return ids_by_type
