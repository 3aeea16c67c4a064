"""Edits of multi-valued attributes: of all values, or of those that a filter selects."""

from collections.abc import Callable, Mapping, Sequence

from scim.errors import InvalidFilter, InvalidValue, NoTarget
from scim.filter.binding.predicate import element_predicate
from scim.filter.binding.value_filter import bound_element
from scim.filter.parsing.tree import comparisons_in
from scim.immutable import immutable
from scim.patch.edit import Edit, refuse_resetting, refuse_unassigning
from scim.patch.operation import Op
from scim.patch.single_value import is_lost, merged, with_part
from scim.patch.target import Target
from scim.patch.value_places import United, ValuePlaces
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget, values_in
from scim.resource.fold import folded
from scim.resource.multi_value import identity_of, is_primary
from scim.resource.value import Checked, checked, checked_element
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import Attribute, AttributeMutability, AttributeType


@immutable
class _Values:
    """The values after an edit, and the positions of those that the edit set."""

    elements: Sequence[object]
    touched: frozenset[int] = frozenset()
    tolerated: frozenset[Tolerance] = frozenset()


def revised_values(edit: Edit, stored: object, profile: Profile, places: ValuePlaces) -> Checked:
    """Return the values of a multi-valued attribute after the edit, None if there are none.

    When a value becomes primary, the others become not primary (RFC 7644 section 3.5.2). The edits
    of one request share `places`. Raises PayloadTooLarge and TooMany.
    """
    target = edit.target
    before = stored if isinstance(stored, list) else []
    if target.is_whole:
        values = _all_revised(edit, before, profile, places)
    else:
        values = _selected_revised(edit, before, profile, places.budget)
    places.budget.require_few(str(target.whole), len(before), len(values.elements))
    after = _with_one_primary(values, str(target.whole)) or None
    if after is not None:
        places.keep(target.whole, values.elements, after)
    refuse_unassigning(target.attribute, after, str(target))
    refuse_resetting(target.attribute, before or None, after, str(target))
    return Checked(after, values.tolerated)


def selection(target: Target, profile: Profile) -> Callable[[object], bool]:
    """Return a predicate that is true for the values the path selects."""
    if target.filter is None:
        return lambda _: True
    return element_predicate(target.attribute, target.filter, profile)


def spend_on_selection(target: Target, values: Sequence[object], budget: RequestBudget) -> None:
    """Charge the budget for finding and changing the values that the path selects."""
    terms = 1 if target.filter is None else comparisons_in(target.filter)
    budget.compare(values_in([*values]) * (terms + 1))


def parts_in(value: object, sub: Attribute | None) -> int:
    """Return the number of values in a multi-valued part of a value."""
    part = value.get(sub.name) if isinstance(value, Mapping) and sub is not None else None
    return len(part) if isinstance(part, list) else 0


def _all_revised(
    edit: Edit, before: Sequence[object], profile: Profile, places: ValuePlaces
) -> _Values:
    if edit.op is Op.REMOVE:
        return _Values(())
    attribute = edit.target.attribute
    checked_values = checked(attribute, edit.value, str(edit.target), profile)
    if is_lost(attribute, edit.value, checked_values.value):
        return _Values(before, tolerated=checked_values.tolerated)
    elements = checked_values.value if isinstance(checked_values.value, list) else []
    values_before = before if edit.op is Op.ADD else ()
    united = places.united(edit.target.whole, values_before, elements)
    _refuse_changed_parts(edit.target.whole, values_before, united)
    return _Values(united.elements, united.touched, checked_values.tolerated)


def _refuse_changed_parts(ref: AttributeRef, before: Sequence[object], united: United) -> None:
    """Raise Mutability if an addition to a value that was there before changes an immutable part of it."""
    for position in united.touched:
        if position < len(before):
            _refuse_changed_part(ref, before[position], united.elements[position])


def _refuse_changed_part(ref: AttributeRef, value: object, completed: object) -> None:
    if not isinstance(value, dict) or not isinstance(completed, dict):
        return
    for sub in ref.attribute.sub_attributes:
        if sub.mutability is AttributeMutability.IMMUTABLE and not sub.multi_valued:
            part, new_part = value.get(sub.name), completed.get(sub.name)
            if not _is_same_text(sub, part, new_part):
                refuse_resetting(sub, part, new_part, f"{ref}.{sub.name}")


def _is_same_text(sub: Attribute, text: object, other: object) -> bool:
    """Return whether both are texts and equal as filters compare them: in any case, unless it is caseExact."""
    if sub.type is not AttributeType.STRING:
        return False
    if not isinstance(text, str) or not isinstance(other, str):
        return False
    return folded(sub, text) == folded(sub, other)


def _selected_revised(
    edit: Edit, before: Sequence[object], profile: Profile, budget: RequestBudget
) -> _Values:
    target = edit.target
    spend_on_selection(target, before, budget)
    is_selected = selection(target, profile)
    selected = frozenset(i for i, element in enumerate(before) if is_selected(element))
    if not selected:
        if edit.op is Op.REMOVE and target.filter is None:
            return _Values(before)
        if edit.op is Op.REMOVE and profile.tolerates(Tolerance.REMOVE_BY_VALUE):
            # Clients repeat what they sent: tests/reports/messages.jsonl "remove a role by its value, again".
            return _Values(before, tolerated=frozenset({Tolerance.REMOVE_BY_VALUE}))
        # RFC 7644 section 3.5.2.3, and table 9 for the other operations
        raise NoTarget(f"{target.whole} has no value that the path selects.")
    if len(selected) > 1 and target.filter is not None and profile.patch.selects_one_only:
        raise InvalidFilter(
            f"The filter of '{target}' selects {len(selected)} values; one is taken."
        )
    # Changing a value and comparing the result takes about as long as three comparisons.
    budget.compare(sum(3 + parts_in(before[i], target.sub) for i in selected))
    after: list[object] = []
    touched: set[int] = set()
    tolerated = _tolerated_by(target, profile)
    for position, element in enumerate(before):
        if position not in selected:
            after.append(element)
            continue
        revised = _revised_element(edit, element, profile)
        tolerated |= revised.tolerated
        if revised.value is not None:
            touched.add(len(after))
            after.append(revised.value)
    if target.sub is None and edit.op is not Op.REMOVE:
        budget.compare(len(after))
        return _without_repetition(target.whole, _Values(after, frozenset(touched), tolerated))
    return _Values(after, frozenset(touched), tolerated)


def _revised_element(edit: Edit, element: object, profile: Profile) -> Checked:
    target, where = edit.target, str(edit.target.whole)
    if target.sub is not None:
        return with_part(target.sub, element, edit.op, edit.value, str(target.ref), profile)
    if edit.op is Op.REMOVE:
        return Checked(None)
    value = edit.value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if edit.op is Op.ADD and value in (None, []):
        return Checked(element)
    new_element = checked_element(target.attribute, value, where, profile)
    says_nothing = new_element.value is None and edit.op is Op.ADD  # "" for an object
    if says_nothing or is_lost(target.attribute, value, new_element.value):
        return Checked(element, new_element.tolerated)
    if edit.op is Op.ADD:
        after = merged(target.attribute, element, value, new_element.value, edit.op)
    else:
        after = new_element.value
    if target.attribute.is_complex and isinstance(element, dict):
        for sub in target.attribute.sub_attributes:
            part = after.get(sub.name) if isinstance(after, dict) else None
            refuse_resetting(sub, element.get(sub.name), part, f"{where}.{sub.name}")
    return Checked(after, new_element.tolerated)


def _without_repetition(ref: AttributeRef, values: _Values) -> _Values:
    """Return the values without duplicates, which replacing several values can produce."""
    attribute = ref.attribute
    united = ValuePlaces().united(ref, (), values.elements)
    if len(united.elements) == len(values.elements):
        return values
    identities = {identity_of(attribute, values.elements[i]) for i in values.touched}
    touched = (
        i
        for i, element in enumerate(united.elements)
        if identity_of(attribute, element) in identities
    )
    return _Values(united.elements, frozenset(touched), values.tolerated)


def _with_one_primary(values: _Values, where: str) -> list[object]:
    new_primaries = [i for i in values.touched if is_primary(values.elements[i])]
    if not new_primaries:
        return list(values.elements)
    if len(new_primaries) > 1:
        raise InvalidValue(f"{where}: primary would be true for more than one value.")
    return [
        {**element, "primary": False}
        if isinstance(element, dict) and is_primary(element) and i != new_primaries[0]
        else element
        for i, element in enumerate(values.elements)
    ]


def _tolerated_by(target: Target, profile: Profile) -> frozenset[Tolerance]:
    if target.filter is None:
        return frozenset()
    return bound_element(target.attribute, target.filter, profile).tolerated
