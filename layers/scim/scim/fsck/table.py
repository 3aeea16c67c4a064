"""The items of a table or of a part of it, by kind and by key."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from scim.fsck.item import Item
from scim.fsck.overview import Key, Overview
from scim.fsck.places import Place


def _everything(_: Place) -> bool:
    return True


class Items:
    """The items that have the shape of their kind; others are reported and left out.

    `owns` tells whether a place is checked in this part: a part may hold only one end of an edge.
    """

    def __init__(
        self,
        items: Iterable[Item],
        overview: Overview,
        owns: Callable[[Place], bool] = _everything,
    ) -> None:
        self.overview = overview
        self._owns = owns
        self.of: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            self.of[item.attributes["k"]].append(item)
        self.resources = {(i.tenant, i.type, i.sk): i for i in self.of["resource"]}
        self.live = {key: i for key, i in self.resources.items() if not i.is_tombstone}
        self.reaped = {key_of(job) for job in self.of["reap"]}
        self.journals = {key_of(journal): journal for journal in self.of["journal"]}

    def owns(self, key: Key) -> bool:
        """Tell whether a resource, existing or not, is checked in this part."""
        return self._owns((key[0], key[2]))

    def is_there(self, key: Key) -> bool:
        """Tell whether a resource lives, or is a tombstone whose edges the reaper still has to remove."""
        return key in self.live or (key in self.resources and key in self.reaped)


def key_of(item: Item) -> Key:
    """Return the key of the resource that a job or journal is named after."""
    type_name, _, id_ = item.sk.partition("#")
    return item.tenant, type_name, id_
