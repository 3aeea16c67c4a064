"""Roles and entitlements that groups give their members, added whenever a resource is read."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from scim.resource.body import value_at
from scim.resource.fold import folded
from scim.resource.mapped.attributes import own_values
from scim.resource.record import Record
from scim.schema.catalogue import Catalogue
from scim.schema.mapping import GIVEN_TYPE, TypeMapping
from scim.schema.schema import Attribute, AttributeType

_ID: Final = "id"
_NAMES: Final = ("displayName", "externalId")
_Name = tuple[str, bool, str]
"""An attribute, whether it is caseExact, and a folded value."""


def with_given(
    mapping: TypeMapping,
    catalogue: Catalogue,
    shown: Mapping[str, object],
    groups: Iterable[Record],
) -> dict[str, object]:
    """Return a resource for a response, with the values that its groups give after its own.

    Each given value occurs once, with `type` "group", in the order of the rules. `groups` are those
    that the resource is in.
    """
    rules_by_name = _rules_by_name(mapping)
    names = {name for group in groups for name in _names_of(catalogue, group)}
    indexes = sorted({index for name in names for index in rules_by_name.get(name, ())})
    gifts = [dict(mapping.groups[index].given) for index in indexes]
    resource = dict(shown)
    for attribute in mapping.given:
        texts = dict.fromkeys(text for gift in gifts for text in gift.get(attribute, ()))
        given: list[object] = [{"value": text, "type": GIVEN_TYPE} for text in texts]
        values = resource.pop(attribute, None)
        own = own_values(values) if isinstance(values, list) else []
        if own or given:
            resource[attribute] = [*own, *given]
    return resource


def _names_of(catalogue: Catalogue, group: Record) -> Iterator[_Name]:
    """Yield the names by which a rule can select a group, folded as values of their attributes are."""
    yield _ID, True, group.key.id
    type_ = catalogue.resource_type(group.key.type)
    for name in _NAMES:
        attribute = None if type_ is None else type_.attribute(name)
        if attribute is None or attribute.type is not AttributeType.STRING:
            continue
        value = value_at(group.body, None, attribute.name)
        if isinstance(value, str):
            yield name, attribute.case_exact, folded(attribute, value)


@lru_cache(maxsize=64)
def _rules_by_name(mapping: TypeMapping) -> Mapping[_Name, list[int]]:
    """Return the indexes of a mapping's rules by the name they select; folded once per version of the mapping."""
    indexes_by_name: dict[_Name, list[int]] = {}
    for index, rule in enumerate(mapping.groups):
        if rule.attribute == _ID:
            indexes_by_name.setdefault((_ID, True, rule.text), []).append(index)
            continue
        for case_exact in (False, True):
            text = folded(Attribute("", case_exact=case_exact), rule.text)
            indexes_by_name.setdefault((rule.attribute, case_exact, text), []).append(index)
    return indexes_by_name
