"""Edits of relations: values of relations are edges, so an edit becomes a step, and steps have a net effect."""

from collections.abc import Iterable, Iterator, Mapping

from scim.errors import InvalidValue, Mutability
from scim.filter.binding.value_filter import bound_element
from scim.filter.parsing.tree import AttributePath, Comparison, Filter, Operator, Or
from scim.immutable import immutable
from scim.patch.edit import Edit, refuse_unassigning
from scim.patch.operation import Op
from scim.profile import Profile, Tolerance
from scim.resource.relations import endpoint_and_id_in, require_named
from scim.resource.value import checked


@immutable
class AddTargets:
    """Add values, each with its target's id under `value`."""

    attribute: str
    values: tuple[Mapping[str, object], ...]


@immutable
class RemoveTargets:
    """Remove the values with these target ids."""

    attribute: str
    ids: tuple[str, ...]


@immutable
class RemoveMatching:
    """Remove the values that match a filter; which they are depends on all values of the relation."""

    attribute: str
    filter: Filter


@immutable
class ReplaceTargets:
    """Replace all values with these."""

    attribute: str
    values: tuple[Mapping[str, object], ...]


@immutable
class RemoveAll:
    """Remove all values."""

    attribute: str


RelationStep = AddTargets | RemoveTargets | RemoveMatching | ReplaceTargets | RemoveAll


@immutable
class RelationIntent:
    """The net effect of steps: `removed` are removed, then `added` (by id, as sent) are added.

    `starts_empty` says that no earlier value of the relation remains.
    """

    attribute: str
    starts_empty: bool
    added: Mapping[str, Mapping[str, object]]
    removed: frozenset[str]


def folded_steps(attribute: str, steps: Iterable[RelationStep]) -> RelationIntent:
    """Return the net effect of the steps on one relation, independent of its values.

    Ignores steps on other relations. Raises ValueError for RemoveMatching, whose effect depends on
    the relation's values.
    """
    starts_empty = False
    added: dict[str, Mapping[str, object]] = {}
    removed: set[str] = set()
    for step in steps:
        if step.attribute != attribute:
            continue
        match step:
            case AddTargets():
                values_by_id = _by_id(step.values)
                added |= values_by_id
                removed -= values_by_id.keys()
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
class EditStep:
    """The step of an edit, None if it changes nothing, and the tolerances that applied."""

    step: RelationStep | None
    tolerated: frozenset[Tolerance] = frozenset()


def step_of(edit: Edit, profile: Profile) -> EditStep:
    """Return the edit as a step on the relation.

    Removing a value that does not exist is no error, because clients repeat requests. Raises
    Mutability for a change of a part of a value: the parts of an edge are immutable. Raises
    InvalidValue for a replace by values that name no one (`[{}]`), since it would remove everyone.
    """
    target = edit.target
    if target.sub is not None or (target.filter is not None and edit.op is not Op.REMOVE):
        raise Mutability(f"{target.whole}: a value is added or removed, its parts do not change.")
    name = target.attribute.name
    if edit.op is Op.REMOVE:
        return _removal(edit, profile)
    if edit.op is Op.REPLACE:
        refuse_unassigning(target.attribute, edit.value or None, str(target))
    checked_values = checked(target.attribute, edit.value, str(target), profile)
    require_named(target.attribute, edit.value)
    values = tuple(_values_with_ids(checked_values.value, name))
    if edit.op is Op.REPLACE:
        if not values and edit.value not in (None, []):
            raise InvalidValue(f"{name}: no value names a resource; send [] to remove all values.")
        return EditStep(ReplaceTargets(name, values), checked_values.tolerated)
    return EditStep(AddTargets(name, values) if values else None, checked_values.tolerated)


def named_ids(filter_: Filter) -> tuple[str, ...] | None:
    """Return the ids in a filter of `value eq` terms joined by `or`; None for any other filter."""
    match filter_:
        case Comparison(AttributePath(None, name, None), Operator.EQ, str() as id_):
            return (id_,) if name.lower() == _VALUE else None
        case Or(terms):
            ids_of_terms = [named_ids(term) for term in terms]
            ids = [id_ for term_ids in ids_of_terms if term_ids is not None for id_ in term_ids]
            return None if None in ids_of_terms else tuple(dict.fromkeys(ids))
        case _:
            return None


def identifier_in(value: object) -> str | None:
    """Return the id in a value of a relation: from `value`, or from the end of `$ref`."""
    if isinstance(value, str):
        return value.strip() or None
    if not isinstance(value, Mapping):
        return None
    parts_by_name = {str(name).lower(): part for name, part in value.items()}
    id_ = parts_by_name.get(_VALUE)
    if isinstance(id_, str) and id_.strip():
        return id_
    return None if id_ is not None else endpoint_and_id_in(parts_by_name.get("$ref"))[1] or None


def _removal(edit: Edit, profile: Profile) -> EditStep:
    target = edit.target
    name = target.attribute.name
    if target.filter is not None:
        tolerated = bound_element(target.attribute, target.filter, profile).tolerated
        ids = named_ids(target.filter)
        if ids is None:
            return EditStep(RemoveMatching(name, target.filter), tolerated)
        return EditStep(RemoveTargets(name, ids), tolerated)
    refuse_unassigning(target.attribute, None, str(target))
    return EditStep(RemoveAll(name))


def _values_with_ids(values: object, where: str) -> Iterator[dict[str, object]]:
    for position, value in enumerate(values if isinstance(values, list) else ()):
        id_ = identifier_in(value)
        if id_ is None or not isinstance(value, dict):
            raise InvalidValue(f"{where}[{position}].value: the id of a resource is required.")
        yield {**value, _VALUE: id_}
