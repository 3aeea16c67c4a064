"""The breaker stops removals from a tenant's directory that exceed a limit, until an operator releases it (docs/guards.md).

It is one item for each tenant: `w` the start of the window in seconds since 1970, `max` the window's limit,
`left` what remains of it, `o` the time since which the breaker is open; `own.number` and `own.percent` are
the tenant's own limits, `nonce` the last update that counted or opened. Removals are subtracted from `left`
before they are written, by a conditional update, so that concurrent writers never exceed the limit.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from scim.access.breaker import BreakerLimits, BreakerState
from scim.errors import BreakerOpen, Unavailable
from scim.resource.change import Deletion, Update
from scim.resource.record import Link
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, text
from scim.store.dynamodb.write import Condition, ConditionFailed, Write, absent, equals, exists
from scim.store.keys.directory import breaker_key, counters_partition

ACTIVE = "active"
"""RFC 7643 section 4.1.1: a user who is not active has no access, but is not deleted."""
RETRY_AFTER = 300
"""Seconds for Retry-After. Only an operator knows when a retry can succeed."""
ROUNDS = 8
_UNLIMITED = 10**12


class Breaker:
    """The breakers of all tenants; `on_open` is called with the tenant whose breaker opens."""

    def __init__(
        self,
        table: Table,
        limits: BreakerLimits,
        on_open: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._table = table
        self.limits = limits
        self._on_open = on_open

    def take(self, tenant: str, removals: int, now: str) -> None:
        """Count `removals`, or raise BreakerOpen; the breaker is then open for everyone.

        This costs one write; the first removal of a window costs another write and the count of resources.
        Raises Unavailable when other writers win every round.
        """
        now_seconds = int(datetime.fromisoformat(now).timestamp())
        for _ in range(ROUNDS):
            try:
                self._table.change_once(_taken(tenant, removals, now_seconds - self.limits.seconds))
            except ConditionFailed as failed_condition:
                state = failed_condition.failures[0].item
            else:
                return
            if "o" in state:
                raise _open()
            if number(state, "w") > now_seconds - self.limits.seconds:
                if self._trip(tenant, removals, now, state):
                    raise _open()
            elif self._begin(tenant, removals, now_seconds, state):
                return
        raise Unavailable("Others remove from the same directory at the moment; try again.")

    def give_back(self, tenant: str, removals: int) -> None:
        """Give back what was taken for a write that failed; an erased tenant has nothing to give it to."""
        given = Write("Update", breaker_key(tenant), (exists(),), adds={"left": removals})
        with suppress(ConditionFailed):
            self._table.change_once(given)

    def state(self, tenant: str) -> BreakerState:
        row = self._table.item(breaker_key(tenant)) or {}
        most = number(row, "max")
        is_limited = most < _UNLIMITED
        return BreakerState(
            tenant,
            text(row, "o") if "o" in row else "",
            number(row, "w"),
            most if is_limited else None,
            number(row, "left") if is_limited else None,
            number(row, "own.number") if "own.number" in row else None,
            number(row, "own.percent") if "own.percent" in row else None,
        )

    def settle(self, tenant: str, number_: int | None, percent: int | None) -> None:
        """Set a tenant's own limits, None for the deployment's; a new window begins."""
        limits = {"own.number": number_, "own.percent": percent}
        sets: Item = {name: value for name, value in limits.items() if value is not None}
        removes = tuple(name for name, value in limits.items() if value is None)
        self._table.change(
            Write("Update", breaker_key(tenant), sets={**_KIND, "w": 0, **sets}, removes=removes)
        )

    def release(self, tenant: str, at: int, allowed: int | None) -> None:
        """Close the tenant's breaker.

        A new window begins. It allows `allowed` removals, None for the usual number.
        """
        window: Item = {"w": 0} if allowed is None else {"w": at, "max": allowed, "left": allowed}
        self._table.change(
            Write("Update", breaker_key(tenant), sets={**_KIND, **window}, removes=("o",))
        )

    def _begin(self, tenant: str, removals: int, at: int, state: Item) -> bool:
        """Begin a window. Return whether it began and these removals fit its limit."""
        limit = self._most(tenant, state)
        fits = removals <= limit
        window: Item = {"w": at, "max": limit, "left": limit - removals if fits else limit}
        update = Write("Update", breaker_key(tenant), _as_met(state), sets={**_KIND, **window})
        return self._changed(update) and fits

    def _trip(self, tenant: str, removals: int, now: str, met: Item) -> bool:
        """Open the breaker. Return False if its state has changed meanwhile."""
        short = Condition("{n} < {v}", "left", removals)
        opened = Write("Update", breaker_key(tenant), (*_as_met(met), short), sets={"o": now})
        if not self._changed(opened):
            return False
        self._on_open(tenant)
        return True

    def _changed(self, write: Write) -> bool:
        try:
            self._table.change_once(write)
        except ConditionFailed:
            return False
        return True

    def _most(self, tenant: str, state: Item) -> int:
        """Return how many removals a window that begins now allows."""
        limits = self.limits
        limit = number(state, "own.number") if "own.number" in state else limits.number
        percent = number(state, "own.percent") if "own.percent" in state else limits.percent
        if percent:
            shards = self._table.rows(counters_partition(tenant)).items
            living = sum(number(shard, "n") for shard in shards)
            part = max(limits.minimum, living * percent // 100)
            limit = min(limit, part) if limit else part
        return limit or _UNLIMITED


_KIND: Item = {"k": "breaker", "s": SCHEMA}


def _taken(tenant: str, removals: int, since: int) -> Write:
    """Return the step that takes removals from a window that began later than `since`."""
    return Write(
        "Update",
        breaker_key(tenant),
        (
            absent("o"),
            Condition("{n} > {v}", "w", since),
            Condition("{n} >= {v}", "left", removals),
        ),
        adds={"left": -removals},
    )


def _as_met(met: Item) -> tuple[Condition, ...]:
    """Return the conditions that the breaker is closed and still in the window of `met`."""
    return absent("o"), equals("w", number(met, "w")) if "w" in met else absent("w")


def _open() -> BreakerOpen:
    return BreakerOpen(
        "Too much was removed from this directory in a short time: until an operator releases"
        " its breaker nothing is deleted or deactivated, and no member is removed.",
        RETRY_AFTER,
    )


def removals_of(change: Update | Deletion, new_seconds: int) -> int:
    """Return the number of deletions, deactivations and values removed from relations in a change.

    It is 0 for a resource created less than `new_seconds` before: a client can take back at once what it
    created by mistake or for a trial.
    """
    match change:
        case Deletion():
            number = 1 + sum(change.before.counts.values()) + _taken_along(change)
        case _:
            number = sum(len(delta.removed) for delta in change.edges) + _deactivates(change)
    if not number:
        return 0
    created = datetime.fromisoformat(change.before.created)
    age = (datetime.fromisoformat(change.now) - created).total_seconds()
    return 0 if age < new_seconds else number


def _deactivates(update: Update) -> bool:
    if update.body is None or update.body.get(ACTIVE) is not False:
        return False
    return update.before.body.get(ACTIVE) is not False


def _taken_along(deletion: Deletion) -> int:
    """Return how many resources are deleted because they refer to the deleted one."""
    outline = deletion.outlines.get(deletion.before.key.type, Outline())
    cascading = {
        Link(referrer.type, referrer.attribute)
        for referrer in outline.referrers
        if referrer.on_delete is OnDelete.CASCADE
    }
    return sum(number for link, number in deletion.before.referrers.items() if link in cascading)
