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
    known = _rules_by_name(mapping)
    names = {name for group in groups for name in _names_of(catalogue, group)}
    found = sorted({place for name in names for place in known.get(name, ())})
    applying = [dict(mapping.groups[place].given) for place in found]
    whole = dict(shown)
    for attribute in mapping.given:
        values = dict.fromkeys(value for given in applying for value in given.get(attribute, ()))
        given: list[object] = [{"value": value, "type": GIVEN_TYPE} for value in values]
        held = whole.pop(attribute, None)
        own = own_values(held) if isinstance(held, list) else []
        if own or given:
            whole[attribute] = [*own, *given]
    return whole


def _names_of(catalogue: Catalogue, group: Record) -> Iterator[_Name]:
    """Yield the names by which a rule can select a group, folded as values of their attributes are."""
    yield _ID, True, group.key.id
    type_ = catalogue.resource_type(group.key.type)
    for name in _NAMES:
        attribute = None if type_ is None else type_.attribute(name)
        if attribute is None or attribute.type is not AttributeType.STRING:
            continue
        held = value_at(group.body, None, attribute.name)
        if isinstance(held, str):
            yield name, attribute.case_exact, folded(attribute, held)


@lru_cache(maxsize=64)
def _rules_by_name(mapping: TypeMapping) -> Mapping[_Name, list[int]]:
    """Return the indexes of a mapping's rules by the name they select; folded once per version of the mapping."""
    found: dict[_Name, list[int]] = {}
    for place, rule in enumerate(mapping.groups):
        if rule.attribute == _ID:
            found.setdefault((_ID, True, rule.text), []).append(place)
            continue
        for case_exact in (False, True):
            text = folded(Attribute("", case_exact=case_exact), rule.text)
            found.setdefault((rule.attribute, case_exact, text), []).append(place)
    return found
