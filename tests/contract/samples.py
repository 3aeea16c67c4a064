"""Samples for tests: resources as the service asks a directory to store them, and a job."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from scim.resource.change import Creation, Deletion, EdgeDelta, Update
from scim.resource.job import Job
from scim.resource.record import Edge, Entry, Key, Record

NOW = "2026-03-01T10:00:00.000Z"
LATER = "2026-03-01T10:20:00.000Z"
MUCH_LATER = "2026-03-02T08:00:00.000Z"
JOB = Job(
    tenant="acme",
    id="j1",
    created="2026-01-01T00:00:00.000Z",
    until=1_800_000_000,
    base_url="https://host/scim/v2",
    token_id="t1",
    scopes=frozenset({"bulk"}),
    operations=1,
)


def id_() -> str:
    """Return a fresh resource id."""
    return str(uuid.uuid4())


def entries_of(body: Mapping[str, object]) -> frozenset[Entry]:
    """Return the index entries of a body, as a resource type might declare them."""
    rules = {"userName": True, "displayName": False, "externalId": False}
    return frozenset(
        Entry(name, str(body[name]).casefold(), is_unique)
        for name, is_unique in rules.items()
        if name in body
    )


def user(name: str, /, **more: object) -> Creation:
    """Return the creation of a user."""
    body: dict[str, object] = {"userName": name, "active": True, **more}
    return Creation(Key("User", id_()), body, entries_of(body), NOW)


def group(name: str, members: Iterable[Key] = (), attribute: str = "members") -> Creation:
    """Return the creation of a group."""
    body: dict[str, object] = {"displayName": name}
    edges = (EdgeDelta(attribute, tuple(Edge(key) for key in members)),)
    return Creation(Key("Group", id_()), body, entries_of(body), NOW, edges)


def content(before: Record, body: Mapping[str, object], now: str = LATER) -> Update:
    """Return the update that gives a resource another body."""
    return Update(
        before,
        now,
        body,
        entries_before=entries_of(before.body),
        entries_after=entries_of(body),
    )


def joining(before: Record, *keys: Key, now: str = LATER) -> Update:
    """Return the update that adds members."""
    return Update(before, now, edges=(EdgeDelta("members", added=tuple(map(Edge, keys))),))


def leaving(before: Record, *keys: Key, now: str = LATER) -> Update:
    """Return the update that removes members."""
    return Update(before, now, edges=(EdgeDelta("members", removed=keys),))


def deletion_of(before: Record) -> Deletion:
    """Return the deletion of a resource."""
    return Deletion(before, MUCH_LATER, entries_of(before.body), ("members",))


def matching(change: Update) -> Update:
    """Return the update that insists on the version read."""
    return replace(change, must_match=True)
