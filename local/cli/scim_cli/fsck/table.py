"""All items of a table, by kind and by key."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from scim_cli.fsck.declared import late_of
from scim_cli.fsck.item import Item

Key = tuple[str, str, str]
"""Tenant, type and id."""


class Items:
    """The items that have the shape of their kind; others are reported and left out.

    `late` are the type and attribute of indexes that were declared when resources were stored;
    `own_late` those a tenant declares itself, behind its name.
    """

    def __init__(self, items: Iterable[Item], late: Collection[tuple[str, str]] = ()) -> None:
        self.late = late
        self.of: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            self.of[item.held["k"]].append(item)
        self.own_late = {
            (definition_version.tenant, *place)
            for definition_version in self.of["edition"]
            for place in late_of(definition_version)
        }
        self.resources = {(i.tenant, i.type, i.sk): i for i in self.of["resource"]}
        self.live = {key: i for key, i in self.resources.items() if not i.is_tombstone}
        self.reaped = {key_of(job) for job in self.of["reap"]}
        self.journals = {key_of(journal): journal for journal in self.of["journal"]}

    def is_there(self, key: Key) -> bool:
        """Tell whether a resource lives, or has ended and still waits for its edges to go."""
        return key in self.live or (key in self.resources and key in self.reaped)


def key_of(item: Item) -> Key:
    """Return the resource that a job or journal is named after."""
    type_name, _, id_ = item.sk.partition("#")
    return item.tenant, type_name, id_
