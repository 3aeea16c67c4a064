"""What a PATCH makes of a relation: ordered steps, and their net effect where nobody needs to look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scim.filter.parsing.tree import Filter


@dataclass(frozen=True, slots=True)
class AddTargets:
    """Values that shall be there, each with its target's id under `value`."""

    attribute: str
    values: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class RemoveTargets:
    """Values that shall be gone, named by their target's id."""

    attribute: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveMatching:
    """Values that shall be gone if they fulfil a filter: only who knows them all can tell."""

    attribute: str
    filter: Filter


@dataclass(frozen=True, slots=True)
class ReplaceTargets:
    """All the values there shall be."""

    attribute: str
    values: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class RemoveAll:
    """No value shall be left."""

    attribute: str


RelationStep = AddTargets | RemoveTargets | RemoveMatching | ReplaceTargets | RemoveAll


@dataclass(frozen=True, slots=True)
class RelationIntent:
    """The net effect of steps: `removed` go, then `added` (by id, as sent) are there.

    `starts_empty` says that nothing of what the relation held before survives.
    """

    attribute: str
    starts_empty: bool
    added: Mapping[str, Mapping[str, object]]
    removed: frozenset[str]


def folded_steps(attribute: str, steps: Iterable[RelationStep]) -> RelationIntent:
    """Return the net effect of the steps on one relation, in whatever it holds.

    Steps on other relations are passed over. Raises ValueError for RemoveMatching, whose
    effect depends on what the relation holds.
    """
    starts_empty = False
    added: dict[str, Mapping[str, object]] = {}
    removed: set[str] = set()
    for step in steps:
        if step.attribute != attribute:
            continue
        match step:
            case AddTargets():
                sent = _by_id(step.values)
                added |= sent
                removed -= sent.keys()
            case RemoveTargets():
                added = {id_: value for id_, value in added.items() if id_ not in step.ids}
                removed |= frozenset() if starts_empty else set(step.ids)
            case ReplaceTargets():
                starts_empty, added, removed = True, _by_id(step.values), set()
            case RemoveAll():
                starts_empty, added, removed = True, {}, set()
            case RemoveMatching():
                raise ValueError(f"what matches in {attribute} is not known here")
    return RelationIntent(attribute, starts_empty, added, frozenset(removed))


def _by_id(values: Iterable[Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    return {str(value["value"]): value for value in values}
