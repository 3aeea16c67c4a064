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
    mapped_body = dict(body)
    for rule in mapping.attributes:
        value = _made(rule, body)
        if value is not None:
            mapped_body = _with(mapped_body, rule.target, value)
        elif before is not None and rule.source is not None and _is_left(rule, body, before):
            mapped_body = _without(mapped_body, rule.target)
    for name in mapping.given:
        values = mapped_body.get(name)
        if isinstance(values, list):
            mapped_body = with_value(mapped_body, None, name, own_values(values) or None)
    return mapped_body


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
    value = None if rule.source is None else _at(body, rule.source)
    if isinstance(value, str) and rule.change:
        value = _CHANGES[rule.change](value)
    return rule.value if value in (None, "") else value


def _is_left(rule: AttributeRule, body: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Return whether the target has the value that the rule made from a source that no longer exists."""
    earlier_value = _made(rule, before)
    return (
        earlier_value is not None
        and rule.source != rule.target
        and _at(body, rule.target) == earlier_value
    )


def _at(body: Mapping[str, object], place: Place) -> object:
    attribute_value = value_at(body, place.ref.container, place.ref.attribute.name)
    if place.ref.sub is None:
        return attribute_value
    if place.chosen_by is None:
        return (
            attribute_value.get(place.ref.sub.name)
            if isinstance(attribute_value, Mapping)
            else None
        )
    chosen = (value for value in _values(attribute_value) if _is_chosen(value, place))
    return next((value.get(place.ref.sub.name) for value in chosen), None)


def _with(body: Mapping[str, object], place: Place, value: object) -> dict[str, object]:
    ref, sub = place.ref, place.ref.sub
    if sub is None:
        return with_value(body, ref.container, ref.attribute.name, value)
    attribute_value = value_at(body, ref.container, ref.attribute.name)
    if place.chosen_by is None:
        parts = attribute_value if isinstance(attribute_value, Mapping) else {}
        return with_value(body, ref.container, ref.attribute.name, {**parts, sub.name: value})
    values = _values(attribute_value)
    if not any(_is_chosen(element, place) for element in values):
        values = [*values, {place.chosen_by.name: place.chosen}]
    changed = [
        {**element, sub.name: value} if _is_chosen(element, place) else element
        for element in values
    ]
    return with_value(body, ref.container, ref.attribute.name, changed)


def _without(body: Mapping[str, object], place: Place) -> dict[str, object]:
    ref, sub = place.ref, place.ref.sub
    attribute_value = value_at(body, ref.container, ref.attribute.name)
    remaining: object = None
    if sub is not None and place.chosen_by is None and isinstance(attribute_value, Mapping):
        remaining = {
            name: part for name, part in attribute_value.items() if name != sub.name
        } or None
    elif sub is not None and place.chosen_by is not None:
        remaining = [
            value for value in _values(attribute_value) if not _is_chosen(value, place)
        ] or None
    return with_value(body, ref.container, ref.attribute.name, remaining)


def _values(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        return []
    return [element for element in value if isinstance(element, Mapping)]


def _is_chosen(value: Mapping[str, object], place: Place) -> bool:
    part = place.chosen_by
    text = None if part is None else value.get(part.name)
    if part is None or not isinstance(text, str):
        return False
    return folded(part, text) == folded(part, place.chosen)
