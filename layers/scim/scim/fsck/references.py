"""References: the target of each lives, and counts its referrers correctly."""

from collections import Counter
from collections.abc import Iterator

from scim.fsck.item import Item
from scim.fsck.overview import Key
from scim.fsck.relations import count_corrected
from scim.fsck.table import Items, key_of
from scim.fsck.violation import Violation

Reference = tuple[Key, str, str]
"""The target, the type of the referrer, and the attribute."""


def referrers(items: Items) -> Iterator[str]:
    """Yield references to resources that do not live, and resources with a wrong count of referrers.

    The index entry of a reference has the type of its target.
    """
    actual: Counter[Reference] = Counter()
    for entry in items.of["entry"]:
        if "r" not in entry.attributes:
            continue
        target = (entry.tenant, str(entry.attributes["r"]), entry.sk.partition("\x00")[0])
        if not items.owns(target):
            continue
        actual[target, entry.type, entry.parts[3].removesuffix(".value")] += 1
        if target not in items.live:
            yield f"{entry.name!r}: refers to nothing that lives"
    stored = {
        (key, type_name, attribute): number
        for key, item in items.resources.items()
        for type_name, attribute, number in _referrers(item)
    }
    for reference in sorted(actual.keys() | stored.keys()):
        target, type_name, attribute = reference
        if actual[reference] != stored.get(reference, 0) and target in items.resources:
            item = items.resources[target]
            yield Violation(
                f"{item.name}: counts {stored.get(reference, 0)}"
                f" {type_name}.{attribute}, has {actual[reference]}",
                count_corrected(item, f"r.{type_name}.{attribute}", actual[reference]),
            )


def closings(items: Items) -> Iterator[str]:
    """Yield closings of resources that are not marked as ending, and marked resources without a closing."""
    waiting = {key for key, item in items.live.items() if "x" in item.attributes}
    closing = {key_of(job) for job in items.of["closing"]}
    for tenant, type_name, id_ in sorted(waiting ^ closing):
        yield f"{tenant} {type_name} {id_}: marked as ending or written down, not both"


def _referrers(item: Item) -> Iterator[tuple[str, str, int]]:
    for name, number in item.attributes.items():
        if name.startswith("r.") and number:
            _, type_name, attribute = name.split(".", 2)
            yield type_name, attribute, number
