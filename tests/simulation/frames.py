"""Every commit must be explained: who wrote it may write that, versions go up by one.

So nothing that was acknowledged can be lost by what others wrote from an older state.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.simulation.model.dynamodb import Commit
from tests.simulation.operations import ANY, ENTERPRISE, Done, Register
from tests.simulation.timeline import NOTHING, Timeline, head_of

SYSTEM = "system"
"""Who works off what others left: the sweeper, the stream, the machine."""


def unexplained(line: Timeline, dones: Iterable[Done], first: int) -> Iterator[str]:
    """Yield what was written after tick `first` that nobody may have."""
    every = list(dones)
    for commit in line.commits:
        if commit.tick <= first:
            continue
        kind = ((commit.after or commit.before or {}).get("k") or {}).get("S")
        if kind == "resource":
            yield from _resource(every, commit)
        elif kind == "edge":
            yield from _edge(line, every, commit)


def _resource(dones: list[Done], commit: Commit) -> Iterator[str]:
    place = commit.key[0].split("#")[2], commit.key[1]
    before, after = head_of(commit.before), head_of(commit.after)
    who = f"{commit.by} at {commit.tick}: {place}"
    if commit.after is None:
        yield f"{who} is gone without a tombstone"
        return
    if before is NOTHING:
        name = after.body.get("userName") or after.body.get("displayName")
        if not _may(commit.by, dones, commit.tick, ("new", place[0]), name):
            yield f"{who} was made by nobody"
        return
    is_settled = "j" in (commit.before or {}) and "j" not in commit.after
    is_changed = before.body != after.body or before.is_live != after.is_live or is_settled
    if after.version < before.version or (is_changed and after.version != before.version + 1):
        yield f"{who} went from version {before.version} to {after.version}"
    if before.is_live and not after.is_live:
        if not _somebody(dones, commit.tick, ("gone", *place)):
            yield f"{who} was deleted by nobody"
        return
    for name in sorted(before.body.keys() | after.body.keys()):
        old, new = before.body.get(name), after.body.get(name)
        if (
            old != new
            and name != "schemas"
            and not _may_be(dones, commit, (*place, name), old, new)
        ):
            yield f"{who} {name} went from {old!r} to {new!r}"


def _may_be(
    dones: list[Done], commit: Commit, register: Register, old: object, new: object
) -> bool:
    is_let_go = register[-1] == ENTERPRISE and _is_bereaved(dones, commit, old)
    return is_let_go or _may(commit.by, dones, commit.tick, register, new)


def _edge(line: Timeline, dones: list[Done], commit: Commit) -> Iterator[str]:
    group, member = commit.key[0].split("#")[3], commit.key[1]
    is_there = commit.after is not None
    if is_there == (commit.before is not None):
        return
    who = f"{commit.by} at {commit.tick}: edge {group[-4:]} -> {member[-4:]}"
    if is_there:
        if line.leads(member, group, commit.tick):
            yield f"{who} closes a circle"
        if not _allowed(dones, commit.tick, ("edge", group, member), True) and not _somebody(
            dones, commit.tick, ("newEdge", member)
        ):
            yield f"{who} came by nobody"
        return
    ends = ("Group", group), ("Group", member), ("User", member)
    is_over = any(not line.is_live(end, commit.tick) for end in ends[:1]) or not any(
        line.is_live(end, commit.tick) for end in ends[1:]
    )
    if is_over or _allowed(dones, commit.tick, ("edge", group, member), False):
        return
    if not any(
        member not in each.may["edges", group]
        for each in _busy(dones, commit.tick)
        if ("edges", group) in each.may
    ):
        yield f"{who} went by nobody"


def _may(by: Any, dones: list[Done], tick: int, register: Register, value: object) -> bool:
    if isinstance(by, Done):
        return _holds(by, register, value)
    return any(_holds(each, register, value) for each in _busy(dones, tick) if "job" in each.words)


def _holds(done: Done, register: Register, value: object) -> bool:
    if register not in done.may:
        return False
    wanted = done.may[register]
    return wanted is ANY or value == wanted or (isinstance(wanted, list) and value in wanted)


def _allowed(dones: list[Done], tick: int, register: Register, value: object) -> bool:
    return any(_holds(each, register, value) for each in _busy(dones, tick))


def _somebody(dones: list[Done], tick: int, register: Register) -> bool:
    # A deletion, or a creation with members, may be finished long after it was begun.
    return any(register in each.may for each in dones if each.began <= tick)


def _busy(dones: list[Done], tick: int) -> Iterator[Done]:
    """Yield what is under way, and what was never answered: it may be finished any time."""
    return (
        each for each in dones if each.began < tick and (tick <= each.ended or not each.is_known)
    )


def _is_bereaved(dones: list[Done], commit: Commit, old: Any) -> bool:
    manager = ((old or {}).get("manager") or {}).get("value", "")
    return _somebody(dones, commit.tick, ("gone", "User", str(manager)))
