"""What was stored when, read off the commits of a history."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scim.fsck.item import unpacked
from tests.simulation.model.dynamodb import Commit
from tests.simulation.model.expressions import Wire


@dataclass(frozen=True, slots=True)
class Head:
    """A resource as it was."""

    version: int
    body: Mapping[str, Any]
    is_live: bool


NOTHING = Head(0, {}, is_live=False)
Place = tuple[str, str]
"""Type and id."""


@lru_cache(maxsize=4096)
def _body(stored: bytes) -> Mapping[str, Any]:
    body: Mapping[str, Any] = unpacked(stored)
    return body


def head_of(item: Wire | None) -> Head:
    """Return what an item says of a resource."""
    if item is None:
        return NOTHING
    body = _body(item["z"]["B"]) if "z" in item else {}
    return Head(int(item["v"]["N"]), body, "d" not in item)


class Timeline:
    """Resources and edges by tick."""

    def __init__(self, commits: Sequence[Commit]) -> None:
        self.commits = commits
        self.heads: dict[Place, list[tuple[int, Head]]] = defaultdict(list)
        self.edges: dict[str, dict[str, list[tuple[int, bool]]]] = defaultdict(dict)
        self.names: dict[tuple[str, str], set[Place]] = defaultdict(set)
        for commit in commits:
            self._note(commit)

    def _note(self, commit: Commit) -> None:
        kind = ((commit.after or commit.before or {}).get("k") or {}).get("S")
        parts = commit.key[0].split("#")
        if kind == "resource":
            head = head_of(commit.after)
            place = parts[2], commit.key[1]
            self.heads[place].append((commit.tick, head))
            for name in ("userName", "displayName"):
                if name in head.body:
                    self.names[parts[2], str(head.body[name]).lower()].add(place)
        elif kind == "edge":
            there = self.edges[parts[3]].setdefault(commit.key[1], [])
            there.append((commit.tick, commit.after is not None))

    def head(self, place: Place, tick: int) -> Head:
        """Return a resource as of a tick."""
        past = self.heads.get(place, ())
        at = bisect_right(past, tick, key=_tick)
        return past[at - 1][1] if at else NOTHING

    def is_live(self, place: Place, tick: int) -> bool:
        return self.head(place, tick).is_live

    def is_edge(self, group: str, member: str, tick: int) -> bool:
        """Tell whether an edge is stored, its ends alive or not."""
        past = self.edges.get(group, {}).get(member, ())
        at = bisect_right(past, tick, key=_tick)
        return bool(at and past[at - 1][1])

    def members(self, group: str, tick: int) -> frozenset[str]:
        """Return the ids of the living members of a group that lives itself."""
        if not self.is_live(("Group", group), tick):
            return frozenset()
        return frozenset(
            each
            for each in self.edges.get(group, ())
            if self.is_edge(group, each, tick)
            and (self.is_live(("User", each), tick) or self.is_live(("Group", each), tick))
        )

    def holders(self, type_name: str, name: str, tick: int) -> set[str]:
        """Return the ids of the living resources with that userName or displayName."""
        attribute = "userName" if type_name == "User" else "displayName"
        return {
            place[1]
            for place in self.names.get((type_name, name.lower()), ())
            if (head := self.head(place, tick)).is_live
            and str(head.body.get(attribute)).lower() == name.lower()
        }

    def leads(self, start: str, end: str, tick: int) -> bool:
        """Tell whether one group contains another, at whatever depth; itself it does."""
        seen, left = {start}, [start]
        while left:
            group = left.pop()
            if group == end:
                return True
            # What has been deleted leads nowhere, though its edges go later.
            below = self.members(group, tick)
            left += sorted(below - seen)
            seen |= below
        return False

    def somewhen(self, began: int, ended: int, holds: Callable[[int], bool]) -> bool:
        """Tell whether something held at a moment between two ticks."""
        return any(holds(tick) for tick in range(began, ended + 1))


def shown(value: object) -> str:
    """Return a value as text to tell of it."""
    return json.dumps(value, default=sorted, sort_keys=True)


def _tick(each: tuple[int, Any]) -> int:
    return each[0]
