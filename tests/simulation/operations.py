"""What clients do: the request, what of it may change what, and what its answer claims.

People and groups are named by slots (`p0`, `g1`): whoever was made for a slot last, as far as
clients were told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.simulation.timeline import Place, Timeline, shown

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
NEVER = 1 << 60
NOBODY = "00000000-0000-4000-9000-000000000000"
PASSING = frozenset({0, 429, 503})
"""After these nobody knows whether it was done; 0 is no answer at all."""

Register = tuple[str, ...]
Words = Sequence[str]
Effect = Callable[[Timeline, int], bool]
ANY = object()


@dataclass
class Done:
    """One request: between which ticks, how it was answered, and what is to be checked of it."""

    client: str
    words: Words
    began: int
    may: dict[Register, Any] = field(default_factory=dict)
    """What it may write, and which value."""
    ended: int = NEVER
    status: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    claims: list[Callable[[Timeline], str]] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        return self.status not in PASSING

    def __str__(self) -> str:
        return f"{self.client} {' '.join(self.words)} -> {self.status or 'none'}"


@dataclass
class Slots:
    """Who was made for each slot last."""

    ids: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def id(self, slot: str) -> str:
        return self.ids.get(slot, NOBODY)

    def place(self, slot: str) -> Place:
        return type_of(slot), self.id(slot)

    def path(self, slot: str) -> str:
        return f"/{type_of(slot)}s/{self.id(slot)}"


def type_of(slot: str) -> str:
    return "User" if slot.startswith("p") else "Group"


@dataclass(frozen=True)
class Asked:
    """A request of one change or look, and what is claimed by whichever answer."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    may: Mapping[Register, Any] = field(default_factory=dict)
    effects: Sequence[Effect] = ()
    """Each tells whether at a tick something is as the request wants it."""
    place: Place | None = None
    taken: tuple[str, str] | None = None
    """Type and name that somebody else may have."""
    refused: Callable[[Timeline, int], bool] | None = None
    """Tells whether at a tick there is a reason for 400."""
    slot: str = ""
    match: str = ""
    is_of_edges: bool = False


def asked(slots: Slots, words: Words) -> Asked:
    """Return the request of some words; the last one is the value where there is one."""
    return _ASKED[words[0]](slots, *words[1:])


def _attribute(slots: Slots, slot: str, name: str, word: str) -> Asked:
    type_name, id_ = slots.place(slot)
    body = {
        "schemas": [PATCH],
        "Operations": [{"op": "replace", "path": name, "value": word}],
    }
    return Asked(
        "PATCH",
        slots.path(slot),
        body,
        {(type_name, id_, name): word},
        [lambda line, tick: line.head((type_name, id_), tick).body.get(name) == word],
        (type_name, id_),
        (type_name, word) if name in {"userName", "displayName"} else None,
        slot=slot,
    )


def _matched(slots: Slots, slot: str, name: str, word: str) -> Asked:
    plain = _attribute(slots, slot, name, word)
    version = slots.versions.get(slots.id(slot), "")
    return Asked(**{**vars(plain), "match": version})


def _put_user(slots: Slots, slot: str, word: str) -> Asked:
    id_ = slots.id(slot)
    given = {"userName": f"user-{slot}", "title": f"{word}-t", "nickName": f"{word}-n"}
    return Asked(
        "PUT",
        slots.path(slot),
        {"schemas": [USER], **given},
        {("User", id_, n): v for n, v in given.items()} | {("User", id_, ENTERPRISE): None},
        [lambda line, tick: _has(line, ("User", id_), given, tick)],
        ("User", id_),
        ("User", given["userName"]),
        slot=slot,
    )


def _put_group(slots: Slots, slot: str, word: str, *inside: str) -> Asked:
    id_ = slots.id(slot)
    given = {"displayName": f"name-{slot}"}
    wanted = frozenset(slots.id(each) for each in inside)
    may: dict[Register, Any] = {("Group", id_, "displayName"): given["displayName"]}
    may |= {("edge", id_, each): True for each in wanted} | {("edges", id_): wanted}
    may |= {("Group", id_, "externalId"): word}
    body = {
        "schemas": [GROUP],
        **given,
        "externalId": word,
        "members": [{"value": each} for each in sorted(wanted)],
    }
    return Asked(
        "PUT",
        slots.path(slot),
        body,
        may,
        [
            lambda line, tick: (
                line.head(("Group", id_), tick).body.get("externalId") == word
                and line.members(id_, tick) <= wanted
            )
        ],
        ("Group", id_),
        ("Group", given["displayName"]),
        _would_cycle(id_, wanted),
        slot=slot,
    )


def _join(slots: Slots, slot: str, *members: str) -> Asked:
    group = slots.id(slot)
    ids = [slots.id(each) for each in members]
    body = {
        "schemas": [PATCH],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": id_} for id_ in ids]}],
    }

    def has(id_: str) -> Effect:
        # A member that does not live is left out (docs/decisions/0006-unknown-members.md).
        return lambda line, tick: line.is_edge(group, id_, tick) or not _lives(line, id_, tick)

    return Asked(
        "PATCH",
        slots.path(slot),
        body,
        {("edge", group, id_): True for id_ in ids},
        # One by one: members that are there already are no part of the transaction, and others
        # may take them out while it adds the rest.
        [has(id_) for id_ in ids],
        ("Group", group),
        refused=_would_cycle(group, ids),
        slot=slot,
        is_of_edges=True,
    )


def _leave(slots: Slots, slot: str, member: str) -> Asked:
    group, id_ = slots.id(slot), slots.id(member)
    body = {
        "schemas": [PATCH],
        "Operations": [{"op": "remove", "path": f'members[value eq "{id_}"]'}],
    }
    return Asked(
        "PATCH",
        slots.path(slot),
        body,
        {("edge", group, id_): False},
        [lambda line, tick: id_ not in line.members(group, tick)],
        ("Group", group),
        slot=slot,
        is_of_edges=True,
    )


def _create(slots: Slots, slot: str, *members: str) -> Asked:
    type_name = type_of(slot)
    ids = [slots.id(each) for each in members]
    attribute, urn = ("userName", USER) if type_name == "User" else ("displayName", GROUP)
    name = f"user-{slot}" if type_name == "User" else f"name-{slot}"
    inside = {"members": [{"value": id_} for id_ in ids]} if ids else {}
    return Asked(
        "POST",
        f"/{type_name}s",
        {"schemas": [urn], attribute: name, **inside},
        {("new", type_name): name, **{("newEdge", id_): True for id_ in ids}},
        taken=(type_name, name),
        slot=slot,
    )


def _delete(slots: Slots, slot: str) -> Asked:
    place = slots.place(slot)
    return Asked(
        "DELETE",
        slots.path(slot),
        None,
        {("gone", *place): True},
        [lambda line, tick: not line.is_live(place, tick)],
        place,
        slot=slot,
    )


def _manager(slots: Slots, slot: str, other: str) -> Asked:
    id_, manager = slots.id(slot), slots.id(other)
    value = {"schemas": [PATCH]}
    path = f"{ENTERPRISE}:manager"
    operation = {"op": "replace", "path": path, "value": {"value": manager}}

    def is_so(line: Timeline, tick: int) -> bool:
        held = line.head(("User", id_), tick).body.get(ENTERPRISE, {}).get("manager", {})
        return bool(held.get("value") == manager)

    return Asked(
        "PATCH",
        slots.path(slot),
        {**value, "Operations": [operation]},
        {("User", id_, ENTERPRISE): ANY},
        [is_so],
        ("User", id_),
        refused=lambda line, tick: not line.is_live(("User", manager), tick),
        slot=slot,
    )


def _get(slots: Slots, slot: str) -> Asked:
    return Asked("GET", slots.path(slot), place=slots.place(slot), slot=slot)


def _find(slots: Slots, slot: str) -> Asked:
    type_name = type_of(slot)
    name = f'userName eq "user-{slot}"' if type_name == "User" else f'displayName eq "name-{slot}"'
    return Asked("GET", f"/{type_name}s?filter={quote(name)}", slot=slot)


def _list(_: Slots, type_name: str) -> Asked:
    return Asked("GET", f"/{type_name}s", slot=type_name)


def _would_cycle(group: str, members: Any) -> Callable[[Timeline, int], bool]:
    return lambda line, tick: any(line.leads(each, group, tick) for each in members)


def _has(line: Timeline, place: Place, given: Mapping[str, Any], tick: int) -> bool:
    body = line.head(place, tick).body
    return all(body.get(name) == value for name, value in given.items())


def _lives(line: Timeline, id_: str, tick: int) -> bool:
    return line.is_live(("User", id_), tick) or line.is_live(("Group", id_), tick)


_ASKED: Mapping[str, Callable[..., Asked]] = {
    "set": _attribute,
    "set-matched": _matched,
    "put-user": _put_user,
    "put-group": _put_group,
    "join": _join,
    "leave": _leave,
    "create": _create,
    "delete": _delete,
    "manager": _manager,
    "get": _get,
    "find": _find,
    "list": _list,
}


def told(request: Asked, value: object) -> str:
    """Return what is wrong as one line."""
    return f"{request.method} {request.path}: {shown(value)}"
