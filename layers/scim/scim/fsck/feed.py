"""The change log: each position occurs once, and no resource is logged beyond its version."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from scim.fsck.item import Item
from scim.fsck.table import Items, key_of


def stretches(items: Items) -> Iterator[str]:
    """Yield items of a lane that overlap, and gaps between items that have not expired yet."""
    now = items.overview.now
    lanes: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items.of["log"]:
        lanes[item.tenant, item.pk].append(item)
    for lane in lanes.values():
        lane.sort(key=lambda item: item.sk)
        for item, following in pairwise(lane):
            end = int(item.sk) + item.attributes["n"]
            if int(following.sk) < end:
                yield f"{following.name}: begins before the entries before it end, at {end}"
            # A later item that ends earlier was stored for fewer days, as those that are gone may have been.
            elif (
                int(following.sk) > end
                and now < item.attributes["ttl"] <= following.attributes["ttl"]
            ):
                yield f"{following.name}: no entries from {end} on"


def marks(items: Items) -> Iterator[str]:
    """Yield resources whose logged version is later than their own."""
    for mark in items.of["logged"]:
        item = items.resources.get(key_of(mark))
        if item is not None and mark.attributes["v"] > item.attributes["v"]:
            yield f"{item.name}: at version {item.attributes['v']}, the log at {mark.attributes['v']}"
