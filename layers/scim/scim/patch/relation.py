"""Edits of relations: their values are edges, so edits become ordered steps with a net effect."""

from collections.abc import Iterable, Iterator, Mapping

from scim.errors import InvalidValue, Mutability
from scim.filter.binding.value_filter import bound_element
from scim.filter.parsing.tree import AttributePath, Comparison, Filter, Operator, Or
from scim.immutable import immutable
from scim.patch.edit import Edit, refuse_unassigning
from scim.patch.operation import Op
from scim.profile import Profile, Tolerance
from scim.resource.value import checked


@immutable
class AddTargets:
    """Values that shall be there, each with its target's id under `value`."""

    attribute: str
    values: tuple[Mapping[str, object], ...]


@immutable
class RemoveTargets:
    """Values that shall be gone, named by their target's id."""

    attribute: str
    ids: tuple[str, ...]


@immutable
class RemoveMatching:
    """Values that shall be gone if they fulfil a filter: only who knows them all can tell."""

    attribute: str
    filter: Filter


@immutable
class ReplaceTargets:
    """All the values there shall be."""

    attribute: str
    values: tuple[Mapping[str, object], ...]


@immutable
class RemoveAll:
    """No value shall be left."""

    attribute: str


RelationStep = AddTargets | RemoveTargets | RemoveMatching | ReplaceTargets | RemoveAll


@immutable
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


_VALUE = "value"


@immutable
class Stepped:
    """The step an edit asks for, None when it asks for nothing, and the tolerances it took."""

    step: RelationStep | None
    tolerated: frozenset[Tolerance] = frozenset()


def stepped(edit: Edit, profile: Profile) -> Stepped:
    """Return what the edit makes of the relation.

    A value that is not there is removed without complaint: clients repeat what they sent.
    Raises Mutability for a change of parts of a value: its target is what it is.
    """
    target = edit.target
    if target.sub is not None or (target.filter is not None and edit.op is not Op.REMOVE):
        raise Mutability(f"{target.whole}: a value is added or removed, its parts do not change.")
    name = target.attribute.name
    if edit.op is Op.REMOVE:
        return _removal(edit, profile)
    if edit.op is Op.REPLACE:
        refuse_unassigning(target.attribute, edit.value or None, str(target))
    sent = checked(target.attribute, edit.value, str(target), profile)
    values = tuple(_identified(sent.value, name))
    if edit.op is Op.REPLACE:
        return Stepped(ReplaceTargets(name, values), sent.tolerated)
    return Stepped(AddTargets(name, values) if values else None, sent.tolerated)


def named_ids(wanted: Filter) -> tuple[str, ...] | None:
    """Return the ids a filter names with `value eq`, joined by or; None when it asks for more."""
    match wanted:
        case Comparison(AttributePath(None, name, None), Operator.EQ, str() as id_):
            return (id_,) if name.lower() == _VALUE else None
        case Or(terms):
            found = [named_ids(term) for term in terms]
            ids = [id_ for some in found if some is not None for id_ in some]
            return None if None in found else tuple(dict.fromkeys(ids))
        case _:
            return None


def identifier_in(value: object) -> str | None:
    """Return the id a value of a relation names: in `value`, or at the end of `$ref`."""
    if isinstance(value, str):
        return value.strip() or None
    if not isinstance(value, Mapping):
        return None
    folded = {str(name).lower(): part for name, part in value.items()}
    id_ = folded.get(_VALUE)
    if isinstance(id_, str) and id_.strip():
        return id_
    reference = folded.get("$ref")
    if id_ is not None or not isinstance(reference, str):
        return None
    return reference.rstrip("/").rpartition("/")[2] or None


def _removal(edit: Edit, profile: Profile) -> Stepped:
    target = edit.target
    name = target.attribute.name
    if target.filter is not None:
        tolerated = bound_element(target.attribute, target.filter, profile).tolerated
        ids = named_ids(target.filter)
        if ids is None:
            return Stepped(RemoveMatching(name, target.filter), tolerated)
        return Stepped(RemoveTargets(name, ids), tolerated)
    refuse_unassigning(target.attribute, None, str(target))
    return Stepped(RemoveAll(name))


def _identified(values: object, where: str) -> Iterator[dict[str, object]]:
    for position, value in enumerate(values if isinstance(values, list) else ()):
        id_ = identifier_in(value)
        if id_ is None or not isinstance(value, dict):
            raise InvalidValue(f"{where}[{position}].value: the id of a resource is required.")
        yield {**value, _VALUE: id_}
