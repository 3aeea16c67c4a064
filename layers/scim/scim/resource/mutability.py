"""Immutable attributes: a value that is set does not change (RFC 7643 section 2.2)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from scim.errors import Mutability
from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at, with_value
from scim.resource.fold import folded
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, AttributeMutability, AttributeType

_SPELT_DIFFERENTLY = (AttributeType.INTEGER, AttributeType.DECIMAL, AttributeType.DATE_TIME)
"""The types whose values can be written in several ways."""
_OF_TARGET = frozenset({"$ref", "type", "display", "displayName"})
"""The parts of a reference that responses have, although only its `value` may be stored."""


def is_same(attribute: Attribute, before: object, after: object) -> bool:
    """Return whether a stored value of an attribute, whole or single, is equal to a later one.

    It does not count in which order several values are, nor how a number or a time is written: the JSON
    library of a client may write 1.0 as 1. The later one may have parts that responses add to a reference.
    """
    if _text(before) == _text(after):  # the usual case, and fast
        return True
    return _canonical(attribute, before) == _canonical(attribute, _sent(attribute, before, after))


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _sent(attribute: Attribute, before: object, after: object) -> object:
    """Return a reference without the parts that follow from its `value`, if that is the stored one."""
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return after
    target = before.get("value")
    if attribute.sub("$ref") is None or target is None or target != after.get("value"):
        return after
    added = _OF_TARGET - before.keys()
    return {name: part for name, part in after.items() if name not in added}


def _canonical(attribute: Attribute, value: object) -> str:
    if isinstance(value, list):
        return json.dumps(sorted(_canonical(attribute, element) for element in value))
    if isinstance(value, Mapping):
        parts = {
            name: _canonical(sub, part)
            for name, part in value.items()
            if (sub := attribute.sub(name)) is not None
        }
        return json.dumps(parts, sort_keys=True)
    if value is not None and attribute.type in _SPELT_DIFFERENTLY:
        return folded(attribute, value)
    return _text(value)


def refuse_immutable_changes(
    resource_type: ResourceType,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    may_lack: bool = False,
) -> None:
    """Raise Mutability when an immutable value that was set would change; `may_lack` allows that it is not there.

    Only sub-attributes of single-valued attributes are compared: a value of a multi-valued attribute
    has no identity, so a different value is another value.
    """
    for ref in immutable_refs(resource_type):
        value_before, value_after = _single(before, ref), _single(after, ref)
        if value_before is None or (may_lack and value_after is None):
            continue
        if not is_same(ref.leaf, value_before, value_after):
            raise Mutability(f"{ref}: immutable, cannot change once set")


def with_immutable(
    resource_type: ResourceType, before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, object]:
    """Return the body after a change, with the earlier value of each immutable attribute that was set."""
    body = dict(after)
    for ref in immutable_refs(resource_type):
        value_before = _single(before, ref)
        if value_before is None:
            continue
        if ref.sub is not None:
            complex_value = value_at(body, ref.container, ref.attribute.name)
            value_before = {
                **(complex_value if isinstance(complex_value, Mapping) else {}),
                ref.sub.name: value_before,
            }
        body = with_value(body, ref.container, ref.attribute.name, value_before)
    return body


@lru_cache(maxsize=REMEMBERED)
def immutable_refs(resource_type: ResourceType) -> Sequence[AttributeRef]:
    """Return the immutable attributes, and the immutable parts of single-valued attributes."""
    return list(_immutable_refs(resource_type))


def _immutable_refs(resource_type: ResourceType) -> Iterator[AttributeRef]:
    for container, attribute in attributes_of(resource_type):
        if attribute.mutability is AttributeMutability.IMMUTABLE:
            yield AttributeRef(container, attribute)
        elif not attribute.multi_valued:
            for sub in _immutable_parts(attribute):
                yield AttributeRef(container, attribute, sub)


def _immutable_parts(attribute: Attribute) -> Iterator[Attribute]:
    for sub in attribute.sub_attributes:
        if sub.mutability is AttributeMutability.IMMUTABLE:
            yield sub


def _single(body: Mapping[str, object], ref: AttributeRef) -> object:
    value = value_at(body, ref.container, ref.attribute.name)
    if ref.sub is None:
        return value
    return value.get(ref.sub.name) if isinstance(value, Mapping) else None
