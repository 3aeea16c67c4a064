"""Relations: each edge has both its ends, each end records it, and there are no cycles."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from scim.fsck.item import Item, stored_id
from scim.fsck.overview import Key, Relation, ends_of
from scim.fsck.table import Items
from scim.fsck.violation import Mend, Violation, deleted, updated


def edges(items: Items) -> Iterator[str]:
    """Yield edges that lack an end, lead to their own source, or have no back link on their target."""
    back_links = {key: frozenset(item.links()) for key, item in items.resources.items()}
    for edge in items.of["edge"]:
        source, attribute, target = ends_of(edge)
        removal = deleted(edge.pk, edge.sk)
        if source == target:
            yield Violation(f"{edge.name}: a relation to itself", removal)
        if items.owns(source) and not items.is_there(source):
            yield Violation(f"{edge.name}: an edge of nothing", removal)
        if not items.owns(target):
            continue
        if not items.is_there(target):
            yield Violation(f"{edge.name}: an edge to nothing", removal)
        elif (source[1], source[2], attribute) not in back_links[target]:
            text = f"{edge.name}: an edge its target does not know of"
            yield Violation(text, _link(items.resources[target], source, attribute, "ADD"))


def links(items: Items) -> Iterator[str]:
    """Yield back links without their edge, and targets with a wrong count of back links."""
    ends_of_edges = {ends_of(edge) for edge in items.of["edge"]}
    for key, item in items.resources.items():
        back_links = list(item.links())
        for type_name, id_, attribute in back_links:
            source = item.tenant, type_name, id_
            if (source, attribute, key) not in ends_of_edges:
                yield Violation(
                    f"{item.name}: linked from {type_name} {id_} {attribute} without an edge",
                    _link(item, source, attribute, "DELETE"),
                )
        if item.attributes.get("l", 0) != len(back_links):
            yield Violation(
                f"{item.name}: counts {item.attributes.get('l', 0)} links, has {len(back_links)}",
                count_corrected(item, "l", len(back_links)),
            )


def counts(items: Items) -> Iterator[str]:
    """Yield resources with a wrong count of edges."""
    actual: Counter[tuple[Key, str]] = Counter()
    for edge in items.of["edge"]:
        source, attribute, _ = ends_of(edge)
        actual[source, attribute] += 1
    stored = {
        (key, attribute): number
        for key, item in items.resources.items()
        for attribute, number in item.counts().items()
    }
    for end in sorted(actual.keys() | stored.keys()):
        key, attribute = end
        if actual[end] != stored.get(end, 0) and key in items.resources:
            item = items.resources[key]
            yield Violation(
                f"{item.name}: counts {stored.get(end, 0)} {attribute}, has {actual[end]}",
                count_corrected(item, f"n.{attribute}", actual[end]),
            )


def guards(items: Items) -> Iterator[str]:
    """Yield guards against cycles that name a journal which does not exist or does not hold them."""
    for guard in items.of["nesting"]:
        type_name, _, attribute = guard.sk.partition("#")
        holder = guard.attributes.get("j")
        if holder is None:
            continue
        journal = items.journals.get((guard.tenant, type_name, str(holder).partition("#")[2]))
        if journal is None or attribute not in str(journal.attributes.get("held", "")).split():
            mend = updated(guard.pk, guard.sk, "REMOVE #s0", {}, {}, j={"S": holder})
            yield Violation(f"{guard.name}: held by nothing that is under way", mend)


def cycles(nested: Iterable[Relation], live: Collection[Key]) -> Iterator[str]:
    """Yield resources that contain themselves through others of their type.

    `nested` are the relations between resources of one type, `live` those of their ends that live.
    """
    inside: dict[tuple[str, Key], list[Key]] = defaultdict(list)
    for attribute, source, target in nested:
        if source in live and target in live:
            inside[attribute, source].append(target)
    visited: set[tuple[str, Key]] = set()
    for start in sorted(inside):
        attribute = start[0]
        path: list[tuple[Key, Iterator[Key]]] = [(start[1], iter(inside[start]))]
        while path:
            key, below = path[-1]
            visited.add((attribute, key))
            for target in below:
                if target in (key_on_path for key_on_path, _ in path):
                    tenant, type_name, id_ = target
                    yield f"T#{tenant}#{type_name} / {id_}: contains itself by {attribute}"
                elif (attribute, target) not in visited:
                    path.append((target, iter(inside.get((attribute, target), ()))))
                    break
            else:
                path.pop()


def count_corrected(item: Item, name: str, number: int) -> Mend:
    """Return the correction of a count on a resource, on condition of the version that was read."""
    condition: dict[str, Any] = {"v": {"N": str(item.attributes["v"])}}
    values = {":n": {"N": str(number)}}
    return updated(item.pk, item.sk, "SET #n = :n", values, {"#n": name}, **condition)


def _link(item: Item, source: Key, attribute: str, verb: str) -> Mend:
    """Return the addition or deletion of a back link; the count of back links is corrected separately."""
    values = {":b": {"BS": [stored_id(source[2])]}}
    names = {"#g": f"g.{source[1]}.{attribute}"}
    seen = {"v": {"N": str(item.attributes["v"])}}
    return updated(item.pk, item.sk, f"{verb} #g :b", values, names, **seen)
