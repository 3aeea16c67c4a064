"""Relations: both ends are there, both sides agree, what is counted is there."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from scim_cli.fsck.item import Item
from scim_cli.fsck.table import Items, Key


def edges(items: Items) -> Iterator[str]:
    """Yield edges that lack an end, or that their target does not know of."""
    known = {key: frozenset(item.links()) for key, item in items.resources.items()}
    for edge in items.of["edge"]:
        source, attribute, target = _ends(edge)
        if source == target:
            yield f"{edge.name}: a relation to itself"
        if not items.is_there(source):
            yield f"{edge.name}: an edge of nothing"
        if not items.is_there(target):
            yield f"{edge.name}: an edge to nothing"
        elif (source[1], source[2], attribute) not in known[target]:
            yield f"{edge.name}: an edge its target does not know of"


def links(items: Items) -> Iterator[str]:
    """Yield links without their edge, and targets that have miscounted their links."""
    there = {_ends(edge) for edge in items.of["edge"]}
    for key, item in items.resources.items():
        held = list(item.links())
        for type_name, id_, attribute in held:
            if ((item.tenant, type_name, id_), attribute, key) not in there:
                yield f"{item.name}: linked from {type_name} {id_} {attribute} without an edge"
        if item.held.get("l", 0) != len(held):
            yield f"{item.name}: counts {item.held.get('l', 0)} links, has {len(held)}"


def counts(items: Items) -> Iterator[str]:
    """Yield resources whose numbers of edges are not the numbers of edges."""
    there: Counter[tuple[Key, str]] = Counter()
    for edge in items.of["edge"]:
        source, attribute, _ = _ends(edge)
        there[source, attribute] += 1
    said = {
        (key, attribute): number
        for key, item in items.resources.items()
        for attribute, number in item.counts().items()
    }
    for end in sorted(there.keys() | said.keys()):
        if there[end] != said.get(end, 0) and end[0] in items.resources:
            name = items.resources[end[0]].name
            yield f"{name}: counts {said.get(end, 0)} {end[1]}, has {there[end]}"


def guards(items: Items) -> Iterator[str]:
    """Yield guards against cycles that are held by no journal, and journals without theirs."""
    for guard in items.of["nesting"]:
        type_name, _, attribute = guard.sk.partition("#")
        holder = guard.held.get("j")
        if holder is None:
            continue
        journal = items.journals.get((guard.tenant, type_name, str(holder).partition("#")[2]))
        if journal is None or attribute not in str(journal.held.get("held", "")).split():
            yield f"{guard.name}: held by nothing that is under way"


def cycles(items: Items) -> Iterator[str]:
    """Yield resources that contain themselves by way of others of their type."""
    inside: dict[tuple[str, Key], list[Key]] = defaultdict(list)
    for edge in items.of["edge"]:
        source, attribute, target = _ends(edge)
        if source[1] == target[1] and source in items.live and target in items.live:
            inside[attribute, source].append(target)
    done: set[tuple[str, Key]] = set()
    for start in sorted(inside):
        attribute = start[0]
        direction: list[tuple[Key, Iterator[Key]]] = [(start[1], iter(inside[start]))]
        while direction:
            key, below = direction[-1]
            done.add((attribute, key))
            for target in below:
                if target in (each for each, _ in direction):
                    yield f"{items.live[target].name}: contains itself by {attribute}"
                elif (attribute, target) not in done:
                    direction.append((target, iter(inside.get((attribute, target), ()))))
                    break
            else:
                direction.pop()


def _ends(edge: Item) -> tuple[Key, str, Key]:
    _, tenant, type_name, id_, attribute = edge.parts
    return (tenant, type_name, id_), attribute, (tenant, str(edge.held["t"]), edge.sk)
