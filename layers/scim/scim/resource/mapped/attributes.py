"""Attributes that a tenant's mapping derives from others whenever a resource is written."""

from collections.abc import Callable, Mapping
from typing import Final

from scim.profile import Profile
from scim.resource.body import value_at, with_value
from scim.resource.fold import folded
from scim.resource.value import checked_element
from scim.schema.mapping import GIVEN_TYPE, AttributeRule, Place, TypeMapping

_CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
}


def mapped(
    mapping: TypeMapping, body: Mapping[str, object], before: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return a canonical body with the mapping's rules applied, to be stored.

    A target gets the value that its rule makes from the body, or keeps the sent value if the rule makes
    none. A value that a rule made from the body `before` is removed with its source. Values that groups
    give are not stored: they are removed in the same way as readOnly values.
    """
    made = dict(body)
    for rule in mapping.attributes:
        value = _made(rule, body)
        if value is not None:
            made = _with(made, rule.target, value)
        elif before is not None and rule.source is not None and _is_left(rule, body, before):
            made = _without(made, rule.target)
    for name in mapping.given:
        values = made.get(name)
        if isinstance(values, list):
            made = with_value(made, None, name, own_values(values) or None)
    return made


def own_values(values: list[object]) -> list[object]:
    """Return the values that no group gives."""
    return [
        value
        for value in values
        if not (isinstance(value, Mapping) and str(value.get("type", "")).lower() == GIVEN_TYPE)
    ]


def require_values(mapping: TypeMapping) -> None:
    """Raise InvalidValue for a constant or a default that is not valid for its target."""
    for rule in mapping.attributes:
        if rule.value is not None:
            checked_element(rule.target.ref.leaf, rule.value, f"mapping: {rule.target}", Profile())


def _made(rule: AttributeRule, body: Mapping[str, object]) -> object:
    found = None if rule.source is None else _at(body, rule.source)
    if isinstance(found, str) and rule.change:
        found = _CHANGES[rule.change](found)
    return rule.value if found in (None, "") else found


def _is_left(rule: AttributeRule, body: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Return whether the target has the value that the rule made from a source that no longer exists."""
    once = _made(rule, before)
    return once is not None and rule.source != rule.target and _at(body, rule.target) == once


def _at(body: Mapping[str, object], place: Place) -> object:
    whole = value_at(body, place.ref.container, place.ref.attribute.name)
    if place.ref.sub is None:
        return whole
    if place.chosen_by is None:
        return whole.get(place.ref.sub.name) if isinstance(whole, Mapping) else None
    found = (value for value in _values(whole) if _is_chosen(value, place))
    return next((value.get(place.ref.sub.name) for value in found), None)


def _with(body: Mapping[str, object], place: Place, value: object) -> dict[str, object]:
    ref, sub = place.ref, place.ref.sub
    if sub is None:
        return with_value(body, ref.container, ref.attribute.name, value)
    whole = value_at(body, ref.container, ref.attribute.name)
    if place.chosen_by is None:
        parts = whole if isinstance(whole, Mapping) else {}
        return with_value(body, ref.container, ref.attribute.name, {**parts, sub.name: value})
    values = _values(whole)
    if not any(_is_chosen(value, place) for value in values):
        values = [*values, {place.chosen_by.name: place.chosen}]
    changed = [
        {**element, sub.name: value} if _is_chosen(element, place) else element
        for element in values
    ]
    return with_value(body, ref.container, ref.attribute.name, changed)


def _without(body: Mapping[str, object], place: Place) -> dict[str, object]:
    ref, sub = place.ref, place.ref.sub
    whole = value_at(body, ref.container, ref.attribute.name)
    kept: object = None
    if sub is not None and place.chosen_by is None and isinstance(whole, Mapping):
        kept = {name: part for name, part in whole.items() if name != sub.name} or None
    elif sub is not None and place.chosen_by is not None:
        kept = [value for value in _values(whole) if not _is_chosen(value, place)] or None
    return with_value(body, ref.container, ref.attribute.name, kept)


def _values(whole: object) -> list[Mapping[str, object]]:
    return (
        [element for element in whole if isinstance(element, Mapping)]
        if isinstance(whole, list)
        else []
    )


def _is_chosen(value: Mapping[str, object], place: Place) -> bool:
    part = place.chosen_by
    held = None if part is None else value.get(part.name)
    if part is None or not isinstance(held, str):
        return False
    return folded(part, held) == folded(part, place.chosen)
