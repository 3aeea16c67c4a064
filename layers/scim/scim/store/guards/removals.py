"""Counts what a change removes from a directory (docs/guards.md)."""

from datetime import datetime

from scim.resource.change import Deletion, Update
from scim.resource.record import Link
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete

ACTIVE = "active"
"""RFC 7643 section 4.1.1: a user who is not active has no access, but is not deleted."""


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
