"""Attributes that a tenant's mapping derives from others whenever a resource is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from scim.profile import Profile
from scim.resource.body import value_at, with_value
from scim.resource.fold import folded
from scim.resource.multi_value import is_primary, without_repeated
from scim.resource.value import checked_element
from scim.schema.mapping import GIVEN_TYPE, AttributeRule, Place, TypeMapping

_PRIMARY, _VALUE = "primary", "value"
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
    none. What a rule made from the body `before` is removed with its source. Values that groups
    give are not stored: they are removed in the same way as readOnly values.
    """
    mapped_body = dict(body)
    for rule in mapping.attributes:
        value = _made(rule, body)
        if value is not None:
            mapped_body = _with(mapped_body, rule.target, value)
        elif before is not None and rule.source is not None and _is_left(rule, body, before):
            mapped_body = _without(mapped_body, rule.target, _made(rule, before))
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
    if sub.name == _PRIMARY and value is True:
        changed = list(_with_one_primary(values, place))
    else:
        changed = [
            {**element, sub.name: value} if _is_chosen(element, place) else element
            for element in values
        ]
    # The rule can have made two values equal (RFC 7643 section 2.4).
    elements = without_repeated(ref.attribute, changed)
    return with_value(body, ref.container, ref.attribute.name, elements)


def _with_one_primary(values: Iterable[Mapping[str, object]], place: Place) -> Iterator[object]:
    """Yield the values, the first that the place chooses as the only primary one."""
    is_set = False
    for element in values:
        if not is_set and _is_chosen(element, place):
            is_set = True
            yield {**element, _PRIMARY: True}
        else:
            yield {**element, _PRIMARY: False} if is_primary(element) else element


def _without(body: Mapping[str, object], place: Place, made: object) -> dict[str, object]:
    """Return the body without the value that a rule made at a place."""
    ref, sub = place.ref, place.ref.sub
    attribute_value = value_at(body, ref.container, ref.attribute.name)
    remaining: object = None
    if sub is not None and place.chosen_by is None and isinstance(attribute_value, Mapping):
        remaining = {
            name: part for name, part in attribute_value.items() if name != sub.name
        } or None
    elif sub is not None and place.chosen_by is not None:
        elements = [
            _remaining(element, place, sub.name, made) for element in _values(attribute_value)
        ]
        remaining = [element for element in elements if element is not None] or None
    return with_value(body, ref.container, ref.attribute.name, remaining)


def _remaining(
    element: Mapping[str, object], place: Place, part: str, made: object
) -> Mapping[str, object] | None:
    """Return a value without the part that a rule made, None if what is left says nothing.

    That is a value without its `value`, or with nothing but the part that chooses it.
    """
    if not _is_chosen(element, place) or element.get(part) != made:
        return element
    other_parts = {name: other for name, other in element.items() if name != part}
    chosen_by = None if place.chosen_by is None else place.chosen_by.name
    return None if part == _VALUE or other_parts.keys() <= {chosen_by} else other_parts


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
