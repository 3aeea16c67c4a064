"""The engine: applies plain RFC 7644 operations in order, all of them or none."""

from collections.abc import Iterator, Mapping, Sequence

from scim.errors import InvalidValue
from scim.immutable import immutable, renewed
from scim.patch.edit import Edit, edits_of, refuse_read_only, refuse_resetting, refuse_unassigning
from scim.patch.multi_value import parts_in, revised_values
from scim.patch.operation import Op, PatchOperation, located
from scim.patch.relation import RelationStep, identifier_in, named_ids, step_of
from scim.patch.single_value import NO_VALUE, revised, with_part
from scim.patch.target import Target
from scim.patch.value_places import ValuePlaces
from scim.profile import Profile, Tolerance
from scim.resource.body import value_at, with_value
from scim.resource.budget import RequestBudget
from scim.resource.multi_value import distinct
from scim.resource.mutability import with_immutable
from scim.resource.record import Key
from scim.resource.required import require_as_complete
from scim.resource.value import Checked
from scim.schema.resource_type import AttributeRef, Relation, ResourceType


@immutable
class Patched:
    """The body after the operations, their steps on relations, and the tolerances that applied.

    `partly_changed` are the multi-valued attributes of which an operation changed a part of some values.
    """

    body: dict[str, object]
    steps: tuple[RelationStep, ...]
    tolerated: frozenset[Tolerance]
    partly_changed: tuple[AttributeRef, ...] = ()


def applied(
    resource_type: ResourceType,
    body: Mapping[str, object],
    operations: Sequence[PatchOperation],
    profile: Profile,
    budget: RequestBudget,
) -> Patched:
    """Return a stored body after the operations (RFC 7644 section 3.5.2).

    Raises InvalidPath, NoTarget, Mutability, InvalidValue, InvalidSyntax or InvalidFilter for the
    first operation that is wrong, and PayloadTooLarge, TooMany or Unavailable when the request's
    budget is spent.
    """
    patched = unfinished(resource_type, body, operations, profile, budget)
    if patched.partly_changed:
        patched = _with_distinct_values(patched, budget)
    if patched.body != body:
        patched = renewed(patched, body=with_immutable(resource_type, body, patched.body))
        require_as_complete(resource_type, body, patched.body)
    return patched


def unfinished(
    resource_type: ResourceType,
    body: Mapping[str, object],
    operations: Sequence[PatchOperation],
    profile: Profile,
    budget: RequestBudget,
) -> Patched:
    """Return a body after some operations, when more operations follow.

    The body need not be complete: later operations can add what is required.
    """
    places = ValuePlaces(budget)
    patched_body = dict(body.items())
    steps: list[RelationStep] = []
    tolerated: frozenset[Tolerance] = frozenset()
    partly_changed: list[AttributeRef] = []
    for operation in operations:
        places.budget.require_time()
        with located(operation):
            for edit in edits_of(resource_type, operation, patched_body, profile):
                refuse_read_only(edit.target.ref)
                _refuse_value(edit)
                if _is_relation(resource_type, edit):
                    edit_step = step_of(edit, profile)
                    steps.extend(() if edit_step.step is None else (edit_step.step,))
                    tolerated |= edit_step.tolerated | edit.tolerated
                else:
                    checked = _revised(edit, patched_body, profile, places)
                    patched_body = _with(patched_body, edit, checked.value)
                    tolerated |= checked.tolerated | edit.tolerated
                    if edit.target.sub is not None and edit.target.attribute.multi_valued:
                        partly_changed.append(edit.target.whole)
    return Patched(patched_body, tuple(steps), tolerated, tuple(partly_changed))


def _with_distinct_values(patched: Patched, budget: RequestBudget) -> Patched:
    """Return the result without repeated (type, value) pairs (RFC 7643 section 2.4).

    Operations on parts can make two values equal for a moment, so only their end counts.
    """
    body = patched.body
    for ref in dict.fromkeys(patched.partly_changed):
        values = value_at(body, ref.container, ref.attribute.name)
        if isinstance(values, list):
            budget.compare(len(values))
            distinct_values = distinct(ref.attribute, values, str(ref), lambda _: True)
            body = with_value(body, ref.container, ref.attribute.name, distinct_values)
    return renewed(patched, body=body)


def _revised(
    edit: Edit, body: Mapping[str, object], profile: Profile, places: ValuePlaces
) -> Checked:
    target = edit.target
    stored = value_at(body, target.ref.container, target.attribute.name)
    if edit.is_of_set:
        # An extension can be absent as a whole, also one with a required attribute.
        refuse_resetting(target.attribute, stored, None, str(target))
        return NO_VALUE
    if target.attribute.multi_valued:
        return revised_values(edit, stored, profile, places)
    if target.sub is None:
        if edit.op is Op.ADD:
            subs = target.attribute.sub_attributes
            places.budget.compare(sum(parts_in(stored, sub) for sub in subs))
        return revised(target.attribute, stored, edit.op, edit.value, str(target), profile)
    places.budget.compare(parts_in(stored, target.sub))
    checked = with_part(target.sub, stored, edit.op, edit.value, str(target), profile)
    refuse_unassigning(target.attribute, checked.value, str(target.whole))
    refuse_resetting(target.attribute, stored, checked.value, str(target.whole))
    return checked


def _with(body: dict[str, object], edit: Edit, value: object) -> dict[str, object]:
    return with_value(body, edit.target.ref.container, edit.target.attribute.name, value)


def _refuse_value(edit: Edit) -> None:
    """Raise InvalidValue for a remove with values: by RFC 7644 section 3.5.2.2 it would remove all values."""
    target = edit.target
    lists_values = edit.op is Op.REMOVE and edit.value not in (None, {})
    if lists_values and target.attribute.multi_valued and target.is_whole:
        raise InvalidValue(f'remove takes no value; select with {target}[value eq "…"].')


def _is_relation(resource_type: ResourceType, edit: Edit) -> bool:
    ref = edit.target.ref
    return ref.container is None and resource_type.relation(ref.attribute.name) is not None


def likely_targets(resource_type: ResourceType, operations: Sequence[PatchOperation]) -> list[Key]:
    """Return the keys of the resources to read together with the one that is changed.

    Each key is a guess: it has the type that a value names, else the relation's first target type.
    Wrong operations raise no error here.
    """
    return list(
        dict.fromkeys(key for operation in operations for key in _keys(resource_type, operation))
    )


def _keys(resource_type: ResourceType, operation: PatchOperation) -> Iterator[Key]:
    match operation.path:
        case None:
            value = operation.value
            for name, member in value.items() if isinstance(value, Mapping) else ():
                relation = resource_type.relation(str(name))
                if relation is not None:
                    yield from _target_keys(relation, member)
        case Target(AttributeRef(None, attribute), filter_):
            relation = resource_type.relation(attribute.name)
            if relation is not None and filter_ is None:
                yield from _target_keys(relation, operation.value)
            elif relation is not None and filter_ is not None:
                yield from (Key(relation.targets[0], id_) for id_ in named_ids(filter_) or ())


def _target_keys(relation: Relation, value: object) -> Iterator[Key]:
    for element in value if isinstance(value, list) else (value,):
        id_ = identifier_in(element)
        if id_ is not None:
            yield Key(_type_of(relation, element), id_)


def _type_of(relation: Relation, value: object) -> str:
    type_name = value.get("type") if isinstance(value, Mapping) else None
    folded_name = type_name.lower() if isinstance(type_name, str) else ""
    return next(
        (type_ for type_ in relation.targets if type_.lower() == folded_name),
        relation.targets[0],
    )
