"""Roles and entitlements that groups give, seen whenever a resource is read."""

from collections.abc import Iterable, Mapping
from typing import Final

from scim.resource.body import value_at
from scim.resource.fold import folded
from scim.resource.mapped.attributes import own_values
from scim.resource.record import Record
from scim.schema.catalogue import Catalogue
from scim.schema.mapping import GIVEN_TYPE, GroupRule, TypeMapping
from scim.schema.schema import Attribute

_NAMES: Final = ("displayName", "externalId")


def with_given(
    mapping: TypeMapping,
    catalogue: Catalogue,
    shown: Mapping[str, object],
    groups: Iterable[Record],
) -> dict[str, object]:
    """Return the resource as it is shown, with what its groups give beside what is its own.

    Each value once, of `type` "group", in the order of the rules. `groups` are those it is in.
    """
    named = _Named(catalogue, list(groups))
    applying = [rule for rule in mapping.groups if named.has(rule)]
    whole = dict(shown)
    for name in mapping.given:
        values = dict.fromkeys(v for rule in applying for v in dict(rule.given).get(name, ()))
        given: list[object] = [{"value": value, "type": GIVEN_TYPE} for value in values]
        held = whole.pop(name, None)
        own = own_values(held) if isinstance(held, list) else []
        if own or given:
            whole[name] = [*own, *given]
    return whole


class _Named:
    """What groups are called: each folded once, however many rules there are."""

    def __init__(self, catalogue: Catalogue, groups: Iterable[Record]) -> None:
        self._ids = set[str]()
        self._names: dict[str, dict[Attribute, set[str]]] = {name: {} for name in _NAMES}
        for group in groups:
            self._ids.add(group.key.id)
            type_ = catalogue.resource_type(group.key.type)
            for name, known in self._names.items():
                attribute = None if type_ is None else type_.attribute(name)
                held = None if attribute is None else value_at(group.body, None, attribute.name)
                if attribute is not None and isinstance(held, str):
                    known.setdefault(attribute, set()).add(folded(attribute, held))

    def has(self, rule: GroupRule) -> bool:
        """Tell whether a rule is about one of them; names compare as the attribute's own values do."""
        if rule.attribute == "id":
            return rule.text in self._ids
        known = self._names[rule.attribute]
        return any(folded(attribute, rule.text) in names for attribute, names in known.items())
