"""A tenant's mapping: attributes to attributes when a resource is written, groups to roles when it is read.

A mapping is stored as a document (docs/mapping.md). This module resolves it in the tenant's resource types.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, AttributeMutability, AttributeType, DefinitionError

GIVEN: Final = ("roles", "entitlements")
"""The attributes whose values groups can give."""
GIVEN_TYPE: Final = "group"
"""The `type` of a value that a group gives."""
KEPT: Final = frozenset({"id", "externalid", "active", "meta", "schemas"})
"""Attributes that only the provider or this server sets: they identify a user, or say whether it is active."""
_CHOSEN = re.compile(
    r'(?P<whole>[^\[\]]+)\[(?P<part>[\w$-]+) eq "(?P<text>[^"\\]*)"\]\.(?P<sub>[\w$-]+)'
)
_NAME: Final = "displayName"
_NAMES: Final = ("id", _NAME, "externalId")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a value: `ref`; in a multi-valued attribute, the value whose part `chosen_by` is `chosen`."""

    ref: AttributeRef
    chosen_by: Attribute | None = None
    chosen: str = ""

    def __str__(self) -> str:
        if self.chosen_by is None or self.ref.sub is None:
            return str(self.ref)
        whole = AttributeRef(self.ref.container, self.ref.attribute)
        return f'{whole}[{self.chosen_by.name} eq "{self.chosen}"].{self.ref.sub.name}'


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """Sets the target to the source's value, else to `value`; without a source, `value` is a constant."""

    target: Place
    source: Place | None = None
    value: str | bool | int | float | None = None
    change: str = ""


@dataclass(frozen=True, slots=True)
class GroupRule:
    """The values that groups, selected by one of their attributes, give, by attribute."""

    attribute: str
    text: str
    given: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, eq=False, slots=True)
class TypeMapping:
    """The mapping of the resources of one type; `given` are the attributes that groups give.

    There is one object for each version. It compares by identity, so that it can be the key of caches.
    """

    type: str
    attributes: tuple[AttributeRule, ...] = ()
    groups: tuple[GroupRule, ...] = ()
    given: tuple[str, ...] = ()


def type_mappings(
    document: Mapping[str, Any],
    types: Sequence[ResourceType],
    linked: Iterable[str],
    plain_name: Callable[[str], str] = str,
) -> tuple[TypeMapping, ...]:
    """Return the mapping of each type that has rules.

    `linked` are the names of the types whose resources have back links to their groups. `plain_name` returns
    the name of a group as it is stored. Raises DefinitionError, which says where the mapping does not fit the
    resource types.
    """
    rules: dict[str, list[AttributeRule]] = {}
    for index, rule in enumerate(document.get("attributes", ())):
        where = f"mapping.attributes[{index}]"
        type_ = _type_named(types, str(rule.get("type", "User")), f"{where}.type")
        rules_of_type = rules.setdefault(type_.name, [])
        rules_of_type.append(_attribute_rule(type_, rule, rules_of_type, where))
    groups = tuple(_group_rule(group, plain_name) for group in document.get("groups", ()))
    able = {
        type_.name: tuple(name for name in GIVEN if can_be_given(type_, name))
        for type_ in types
        if type_.name in set(linked)
    }
    _require_able(groups, able)
    given_names = {name for group in groups for name, _ in group.given}
    mappings = []
    for type_ in types:
        given_attributes = tuple(name for name in able.get(type_.name, ()) if name in given_names)
        if type_.name in rules or given_attributes:
            own_groups = groups if given_attributes else ()
            attribute_rules = tuple(rules.get(type_.name, ()))
            mappings.append(TypeMapping(type_.name, attribute_rules, own_groups, given_attributes))
    return tuple(mappings)


def _type_named(types: Sequence[ResourceType], name: str, where: str) -> ResourceType:
    for type_ in types:
        if type_.name == name and type_.edges_of is None:
            return type_
    names = ", ".join(type_.name for type_ in types if type_.edges_of is None)
    raise DefinitionError(f"{where}: there is no resource type {name}; expected one of {names}")


def _attribute_rule(
    type_: ResourceType, document: Mapping[str, Any], others: Sequence[AttributeRule], where: str
) -> AttributeRule:
    target = _place(type_, str(document["target"]), f"{where}.target")
    _require_mappable(type_, target, f"{where}.target")
    if any(other.target == target for other in others):
        raise DefinitionError(f"{where}.target: another rule already sets {target}")
    source = None
    change = str(document.get("change", ""))
    if "source" in document:
        source = _place(type_, str(document["source"]), f"{where}.source")
        _require_alike(source, target, change, where)
    rule = AttributeRule(target, source, document.get("value", document.get("default")), change)
    # The other rules were compared with each other when each of them was read.
    pairs = (
        (one, other)
        for other_rule in others
        for one, other in ((rule, other_rule), (other_rule, rule))
    )
    for one, other in pairs:
        if one.source is not None and _overlap(one.source, other.target):
            raise DefinitionError(
                f"{where}: {one.source} is the source of one rule and the target of another"
            )
    if rule.value is not None:
        name = "value" if "value" in document else "default"
        _require_typed(target, rule.value, f"{where}.{name}")
    return rule


def _place(type_: ResourceType, text: str, where: str) -> Place:
    """Return the place of a value. Raises DefinitionError for no attribute, or one with several values."""
    chosen = _CHOSEN.fullmatch(text)
    ref = type_.named(text if chosen is None else f"{chosen['whole']}.{chosen['sub']}")
    if ref is None:
        raise DefinitionError(f"{where}: {type_.name} has no attribute {text}")
    if ref.leaf.is_complex or (ref.sub is None and ref.attribute.multi_valued):
        expected = (
            "a sub-attribute" if ref.attribute.sub_attributes else "an attribute of one value"
        )
        raise DefinitionError(f"{where}: {text} is not one value; expected {expected}")
    if ref.leaf.multi_valued:
        raise DefinitionError(f"{where}: {text} is not one value")
    if chosen is None:
        if ref.attribute.multi_valued:
            raise DefinitionError(
                f"{where}: {text} has several values; expected one, such as"
                f' {AttributeRef(ref.container, ref.attribute)}[type eq "work"].{ref.leaf.name}'
            )
        return Place(ref)
    part = ref.attribute.sub(chosen["part"])
    if not ref.attribute.multi_valued or part is None or part.type is not AttributeType.STRING:
        raise DefinitionError(
            f"{where}: {chosen['part']} does not distinguish the values of {ref.attribute.name}"
        )
    return Place(ref, part, chosen["text"])


def _require_mappable(type_: ResourceType, target: Place, where: str) -> None:
    """Raise DefinitionError for a target that a mapping may not write."""
    ref = target.ref
    attributes = [attribute for attribute in (ref.attribute, ref.sub) if attribute is not None]
    unique = {index.attribute.lower() for index in type_.indexes if index.is_unique}
    references = {reference.attribute.lower() for reference in type_.references}
    attribute_name = str(AttributeRef(ref.container, ref.attribute)).lower()
    reason = ""
    if any(attribute.mutability is not AttributeMutability.READ_WRITE for attribute in attributes):
        reason = "is not readWrite"
    elif any(attribute.is_secret for attribute in attributes):
        reason = "is a secret"
    elif {str(ref).lower(), attribute_name} & unique:
        reason = "is unique: providers identify resources by it"
    elif ref.container is None and ref.attribute.name.lower() in KEPT:
        reason = "is set only by the provider"
    elif type_.relation(ref.attribute.name) is not None or attribute_name in references:
        reason = "refers to other resources"
    elif ref.container is None and ref.attribute.name in GIVEN:
        reason = "is given by groups"
    elif target.chosen_by is not None and target.chosen_by == ref.sub:
        reason = "distinguishes the values"
    if reason:
        raise DefinitionError(f"{where}: {target} {reason}; expected another attribute")


def _require_alike(source: Place, target: Place, change: str, where: str) -> None:
    one, other = source.ref.leaf, target.ref.leaf
    if one.is_secret:
        raise DefinitionError(f"{where}.source: {source} is a secret; expected a stored attribute")
    if one.type is not other.type:
        raise DefinitionError(
            f"{where}.source: {source} is {one.type.value} and {target} {other.type.value};"
            " expected attributes of one type"
        )
    if change and one.type is not AttributeType.STRING:
        raise DefinitionError(f"{where}.change: {source} is {one.type.value}; expected a string")
    if source == target and not change:
        raise DefinitionError(
            f"{where}.source: {source} is the target itself; expected another attribute"
        )


def _overlap(one: Place, other: Place) -> bool:
    """Return whether writing one place can change the other."""
    same = one.ref.container == other.ref.container and one.ref.attribute == other.ref.attribute
    return (
        same
        and (one.ref.sub == other.ref.sub)
        and (one.chosen_by != other.chosen_by or one.chosen.lower() == other.chosen.lower())
    )


def _require_typed(target: Place, value: object, where: str) -> None:
    expected: tuple[type, ...]
    match target.ref.leaf.type:
        case AttributeType.BOOLEAN:
            expected = (bool,)
        case AttributeType.INTEGER:
            expected = (int,)
        case AttributeType.DECIMAL:
            expected = (int, float)
        case _:
            expected = (str,)
    is_right = isinstance(value, expected) and (bool in expected or not isinstance(value, bool))
    if not is_right:
        raise DefinitionError(f"{where}: expected a {target.ref.leaf.type.value}")


def _group_rule(given: Mapping[str, Any], plain_name: Callable[[str], str]) -> GroupRule:
    attribute = next(name for name in _NAMES if name in given)
    text = str(given[attribute])
    values = tuple((name, tuple(given[name])) for name in GIVEN if given.get(name))
    return GroupRule(attribute, plain_name(text) if attribute == _NAME else text, values)


def can_be_given(type_: ResourceType, name: str) -> bool:
    """Return whether groups can give the attribute: multi-valued, writable, with string parts value and type."""
    attribute = type_.attribute(name)
    if attribute is None or not attribute.multi_valued or attribute.is_read_only:
        return False
    parts = [attribute.sub(part) for part in ("value", "type")]
    return all(part is not None and part.type is AttributeType.STRING for part in parts)


def _require_able(groups: Iterable[GroupRule], able: Mapping[str, Sequence[str]]) -> None:
    for index, group in enumerate(groups):
        for name, _ in group.given:
            if not any(name in names for names in able.values()):
                raise DefinitionError(
                    f"mapping.groups[{index}].{name}: no resource type with groups has an attribute {name}"
                    " with value and type; expected what a type of this tenant has"
                )
