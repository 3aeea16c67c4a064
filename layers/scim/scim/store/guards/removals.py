"""How much of a directory a change takes away from people (docs/guards.md)."""

from datetime import datetime

from scim.resource.change import Deletion, Update
from scim.resource.record import Link
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete

ACTIVE = "active"
"""RFC 7643 section 4.1.1: whoever is not active is shut out, though not deleted."""


def removals_of(change: Update | Deletion, new_seconds: int) -> int:
    """Return how many deletions, deactivations and values that leave a relation it is.

    Of a resource that was created up to `new_seconds` before nothing counts: what has just
    been made, by mistake or for a trial, may be taken back at once.
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
    """Return how many resources go since they refer to the one that is deleted."""
    outline = deletion.outlines.get(deletion.before.key.type, Outline())
    going = {
        Link(each.type, each.attribute)
        for each in outline.referrers
        if each.on_delete is OnDelete.CASCADE
    }
    return sum(number for link, number in deletion.before.referrers.items() if link in going)
