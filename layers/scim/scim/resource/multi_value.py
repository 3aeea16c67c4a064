"""The rules among the values of a multi-valued attribute (RFC 7643 section 2.4)."""

import json
from collections.abc import Callable, Mapping

from scim.errors import InvalidValue
from scim.profile import Tolerance
from scim.resource.fold import folded
from scim.schema.schema import Attribute


def distinct(
    attribute: Attribute,
    elements: list[object],
    where: str,
    tolerates: Callable[[Tolerance], bool],
) -> list[object]:
    """Return the values without repeated (type, value) pairs; the first of each stays.

    Raises InvalidValue when duplicates are not tolerated, or more than one value is primary.
    """
    if len(elements) < 2:
        return elements
    distinct_elements = without_repeated(attribute, elements)
    if len(distinct_elements) < len(elements) and not tolerates(Tolerance.DUPLICATE_VALUES):
        raise InvalidValue(f"{where}: the same value and type occur more than once")
    if sum(map(is_primary, distinct_elements)) > 1:
        raise InvalidValue(f"{where}: primary is true for more than one value")
    return distinct_elements


def without_repeated(attribute: Attribute, elements: list[object]) -> list[object]:
    """Return the first of the values with the same (type, value) pair, primary if one of them is."""
    elements_by_identity: dict[object, object] = {}
    for element in elements:
        identity = identity_of(attribute, element)
        if identity in elements_by_identity:
            first = elements_by_identity[identity]
            elements_by_identity[identity] = _with_primary_of(first, element)
        else:
            elements_by_identity[identity] = element
    return list(elements_by_identity.values())


def identity_of(attribute: Attribute, element: object) -> object:
    """Return what identifies a value among the others.

    That is its `known_by` part if it has one, else its type and value, or all of it.
    """
    if isinstance(element, dict) and attribute.known_by in element:
        return attribute.known_by, element[attribute.known_by]
    return content_of(attribute, element)


def identities_of(attribute: Attribute, element: object) -> set[object]:
    """Return all identities by which a client can address an existing value."""
    identity = identity_of(attribute, element)
    return {identity} if attribute.known_by is None else {identity, content_of(attribute, element)}


def content_of(attribute: Attribute, element: object) -> object:
    """Return the content of a value, without its `known_by` part: its type and value, or all of it.

    A `value` with several values is a part like others.
    """
    if not isinstance(element, dict):
        return folded(attribute, element)
    value = attribute.sub("value")
    if value is None or value.multi_valued or "value" not in element:
        left_out = ("primary", attribute.known_by)
        content = {name: part for name, part in element.items() if name not in left_out}
        return json.dumps(content, sort_keys=True, default=str)
    return _type_of(attribute, element), folded(value, element["value"])


def _type_of(attribute: Attribute, element: Mapping[str, object]) -> str:
    """Return the type of a value as filters compare it, an empty text without one."""
    part, type_ = attribute.sub("type"), element.get("type")
    if part is None or part.multi_valued or type_ is None:
        return "" if type_ is None else str(type_)
    return folded(part, type_)


def is_primary(element: object) -> bool:
    return isinstance(element, dict) and element.get("primary") is True


def _with_primary_of(element: object, repeated: object) -> object:
    if isinstance(element, dict) and is_primary(repeated):
        return {**element, "primary": True}
    return element
