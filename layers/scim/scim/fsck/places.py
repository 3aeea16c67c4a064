"""The parts of a table in which an item is checked: those with the items it must agree with."""

from collections.abc import Callable, Collection, Iterator, Mapping

from scim.fsck.item import Item, UnreadableError, unpacked

Place = tuple[str, str]
"""A tenant and a name in it, mostly a resource's id: items with the same place are checked together."""

ALONE = frozenset(
    {
        *(
            "act",
            "assertion",
            "batch",
            "breaker",
            "compared",
            "claim",
            "feed",
            "firing",
            "firings",
            "laneEnd",
            "mappingDraft",
        ),
        *("kept", "keptEdges"),
        *(
            "onboarding",
            "once",
            "page",
            "poll",
            "rate",
            "refused",
            "request",
            "requests",
            "requestsKept",
            "seal",
        ),
    }
)
"""Kinds that depend on no other item: only their shape is checked."""
EVERYWHERE = frozenset({"build", "count", "number", "tenant"})
"""Kinds with few items per tenant that the check of every part needs (`Overview`)."""
_NEEDED = {
    "edge": ("pk", "sk", "k", "t"),
    "entry": ("pk", "sk", "k", "i", "r"),
    "log": ("pk", "sk", "k", "n", "ttl"),
    "chunk": ("pk", "sk", "k", "ttl"),
}


def places_of(item: Item) -> Iterator[Place]:
    """Yield the places where the item is checked; none for kinds in ALONE or EVERYWHERE."""
    return iter(set(_PLACES[str(item.attributes["k"])](item)))


def needed_of(item: Item) -> Item:
    """Return the item with only the attributes that the check needs: for most items a fraction."""
    names = _NEEDED.get(str(item.attributes["k"]))
    if names is None:
        return item
    return Item({name: item.attributes[name] for name in names if name in item.attributes})


def made_by(result: Item) -> str:
    """Return the id of the resource a job's step was about, empty where the result does not say."""
    try:
        return str(unpacked(result.attributes["z"]).get("location", "")).rpartition("/")[2]
    except (UnreadableError, AttributeError):
        return ""


def _ends(edge: Item) -> list[Place]:
    return [(edge.tenant, edge.parts[3]), (edge.tenant, edge.sk)]


def _owner_and_target(entry: Item) -> list[Place]:
    owner = entry.tenant, entry.attributes["i"]
    return (
        [owner, (entry.tenant, entry.sk.partition("\x00")[0])]
        if "r" in entry.attributes
        else [owner]
    )


def _job_and_made(result: Item) -> list[Place]:
    return [(result.tenant, result.parts[3]), (result.tenant, made_by(result))]


def _holder(guard: Item) -> list[Place]:
    holder = str(guard.attributes.get("j", ""))
    return [(guard.tenant, holder.partition("#")[2])] if holder else []


def _own(item: Item) -> list[Place]:
    return [(item.tenant, item.sk)]


def _of_resource(item: Item) -> list[Place]:
    return [(item.tenant, item.sk.split("#")[1])]


def _of_name(item: Item) -> list[Place]:
    return [(item.tenant, item.sk.partition("#")[2])]


def _of_tenant(item: Item) -> list[Place]:
    return [(item.tenant, "")]


_PLACES: Mapping[str, Callable[[Item], Collection[Place]]] = {
    **dict.fromkeys(ALONE | EVERYWHERE, lambda _: ()),
    **dict.fromkeys(("resource", "job", "openJob"), _own),
    **dict.fromkeys(("reap", "closing", "journal", "chunk", "logged", "rejoin"), _of_resource),
    **dict.fromkeys(("tokenName", "clientName", "issuerName"), _of_name),
    **dict.fromkeys(("settings", "definitions", "edition"), _of_tenant),
    "edge": _ends,
    "entry": _owner_and_target,
    "nesting": _holder,
    "result": _job_and_made,
    "log": lambda item: [(item.tenant, item.pk)],
    "token": lambda item: [(item.attributes["tenant"], item.attributes["id"])],
    "client": lambda item: [(item.attributes["tenant"], item.attributes["client"])],
    "issuer": lambda item: [(item.sk, item.parts[1])],
    "setupLink": lambda item: [("", item.parts[1])],
    "setupLinkName": lambda item: [("", item.attributes["h"])],
    "session": lambda item: [("", item.attributes["link"])],
    "tenantName": lambda item: [(item.sk, "")],
}
