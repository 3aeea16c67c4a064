"""Entries of the change log: versions of resources, and events that are not changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from scim.resource.history.origin import Origin
from scim.resource.record import Key

CHANGE = "change"
"""The kind of an entry that is a version of a resource."""

ANSWER = "answer"
"""The kind of an entry with the result of an asynchronous operation."""

Attributes = Mapping[str, object]
Relations = Mapping[str, Mapping[str, Any]]
"""By attribute, the values added (`+`) and removed (`-`): ids by type, or only counts if there are many."""

_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What happened, who did it, and the resource's content before and after.

    `version` is the resulting version, `since` the one before, 0 for a new resource; `at` is the time
    of the change. `before` and `after` have the attributes that differ, for a creation or deletion all
    of them, without secrets. `journal` names the journal with the ids that `relations` only counts.
    `is_gap` says that earlier versions are missing from the log; then only the resource's current state
    is reliable. `secrets` names the secrets that a creation was sent. `detail` is for kinds other than CHANGE.
    `is_timed` says that the id of its event depends on `at`; it does not in what version 0.1.0 logged.
    """

    key: Key
    version: int
    since: int
    at: str
    action: str
    origin: Origin = field(default_factory=Origin)
    before: Attributes = field(default_factory=dict)
    after: Attributes = field(default_factory=dict)
    relations: Relations = field(default_factory=dict)
    journal: str = ""
    is_gap: bool = False
    kind: str = CHANGE
    detail: Attributes = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    is_timed: bool = True

    @property
    def is_silent(self) -> bool:
        """Return whether the change is not visible yet: it is the first version of a journal."""
        is_update = self.action in ("put", "patch")
        changed = self.before or self.after or self.relations
        return self.kind == CHANGE and is_update and not changed and not self.is_gap

    def json(self) -> dict[str, Any]:
        """Return the entry in its stored form, without empty members."""
        members = {
            "r": list(self.key),
            "v": self.version,
            "f": self.since,
            "at": self.at,
            "o": self.action,
            "by": self.origin.json(),
            "b": self.before,
            "a": self.after,
            "l": self.relations,
            "j": self.journal,
            "g": self.is_gap,
            "k": "" if self.kind == CHANGE else self.kind,
            "d": self.detail,
            "p": self.secrets,
            "t": self.is_timed,
        }
        return {name: value for name, value in members.items() if value}

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> Self:
        """Return the entry of a stored form."""
        return cls(
            key=Key(*members["r"]),
            version=members.get("v", 0),
            since=members.get("f", 0),
            at=members["at"],
            action=members["o"],
            origin=Origin.from_json(members.get("by", _NONE)),
            before=members.get("b", _NONE),
            after=members.get("a", _NONE),
            relations=members.get("l", _NONE),
            journal=members.get("j", ""),
            is_gap=members.get("g", False),
            kind=members.get("k", CHANGE),
            detail=members.get("d", _NONE),
            secrets=tuple(members.get("p", ())),
            is_timed=members.get("t", False),
        )


@dataclass(frozen=True, slots=True)
class LogPage:
    """Consecutive entries of a lane of the log, the first of them at `position`."""

    position: int
    entries: tuple[LogEntry, ...]

    @property
    def end(self) -> int:
        """Return the position of the next entry."""
        return self.position + len(self.entries)
