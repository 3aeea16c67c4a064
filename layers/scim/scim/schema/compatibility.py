"""Changes in a new catalogue that would break resources stored under the previous one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from scim.schema.catalogue import Catalogue
from scim.schema.enforceable import can_refer, is_stored
from scim.schema.resource_type import Index, ResourceType
from scim.schema.schema import Attribute, Schema


class Incompatibility(NamedTuple):
    """A change that is not possible while resources of the type are stored."""

    type: str
    detail: str


def incompatibilities(old: Catalogue, new: Catalogue) -> Iterator[Incompatibility]:
    """Yield the changes that would break resources stored under the old catalogue."""
    for before in old.stored_types:
        after = new.resource_type(before.name)
        if after != before:
            yield from (Incompatibility(before.name, detail) for detail in _details(before, after))


def added_late(old: Catalogue, new: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the type and attribute of each new late index."""
    for after in new.stored_types:
        before = old.resource_type(after.name)
        old_attributes = set() if before is None else {index.attribute for index in before.indexes}
        for index in after.indexes:
            if index.is_late and index.attribute not in old_attributes:
                yield after.name, index.attribute


def _details(before: ResourceType, after: ResourceType | None) -> Iterator[str]:
    if after is None:
        yield "the type cannot be removed"
        return
    if after.endpoint != before.endpoint:
        yield f"its endpoint cannot change from {before.endpoint}"
    if after.schema.id != before.schema.id:
        yield f"its schema cannot change from {before.schema.id}"
    if after.edges_of is not None:
        yield "its resources cannot become the edges of another type"
    yield from _changed_schema(_stored_schema(before), after.schema)
    for extension in before.extensions:
        same = after.extension(extension.schema.id)
        if same is None or same.id != extension.schema.id:
            yield f"the extension {extension.schema.id} cannot be removed"
        else:
            yield from _changed_schema(extension.schema, same)
    yield from _changed_indexes(before, after)
    yield from _changed_relations(before, after)


def _stored_schema(resource_type: ResourceType) -> Schema:
    """Return the type's schema without the parts of relations: what they state has no effect on what is stored."""
    names = {relation.attribute for relation in resource_type.relations}
    attributes = tuple(
        replace(attribute, sub_attributes=()) if attribute.name in names else attribute
        for attribute in resource_type.schema.attributes
    )
    return replace(resource_type.schema, attributes=attributes)


def _changed_schema(before: Schema, after: Schema) -> Iterator[str]:
    for attribute in before.attributes:
        yield from _changed(attribute, after.attribute(attribute.name), attribute.name)


def _changed(before: Attribute, after: Attribute | None, name: str) -> Iterator[str]:
    if before.is_secret:  # it is not stored
        if after is not None and not after.is_secret:
            yield f"{name} cannot change between a secret and what can be read"
        return
    if after is None or after.name != before.name:
        yield f"the attribute {name} cannot be removed or renamed"
        return
    if after.type is not before.type:
        yield f"the type of {name} cannot change from {before.type.value} to {after.type.value}"
    if after.multi_valued != before.multi_valued:
        yield f"{name} cannot change between one value and several"
    if after.uniqueness is not before.uniqueness and not before.is_complex:
        yield f"the uniqueness of {name} cannot change from {before.uniqueness.value}"
    if after.is_secret:
        yield f"{name} cannot change between a secret and what can be read"
    if before.is_open and not after.is_open:
        yield f"{name} cannot be closed to parts of any name"
    for sub in before.sub_attributes:
        yield from _changed(sub, after.sub(sub.name), f"{name}.{sub.name}")


def _changed_indexes(before: ResourceType, after: ResourceType) -> Iterator[str]:
    old_indexes = {index.attribute: index for index in before.indexes}
    new_indexes = {index.attribute: index for index in after.indexes}
    for attribute, index in old_indexes.items():
        if new_indexes.get(attribute) != index and _has_entries(before, attribute):
            yield f"the index of {attribute} stays as it was declared"
        elif _is_exact(before, attribute) != _is_exact(after, attribute):
            yield f"caseExact of {attribute} cannot change, it is indexed"
    for attribute, index in new_indexes.items():
        if attribute not in old_indexes and _needs_filling(before, index):
            yield f'the index of {attribute} has to be declared "late": true'
        if _is_required(after, attribute) and not _is_required(before, attribute):
            # A list in the order of the index ends with its last entry, because each resource is taken to have one.
            yield f"{attribute} cannot become required, it is indexed"


def _needs_filling(before: ResourceType, index: Index) -> bool:
    """Return whether stored resources can have values that the index would lack."""
    return not index.is_late and before.named(index.attribute) is not None


def _has_entries(resource_type: ResourceType, attribute: str) -> bool:
    """Return whether the index is written."""
    ref = resource_type.named(attribute)
    return ref is None or is_stored(resource_type, ref)


def _is_required(resource_type: ResourceType, attribute: str) -> bool:
    ref = resource_type.named(attribute)
    return ref is not None and ref.container is None and ref.sub is None and ref.leaf.required


def _is_exact(resource_type: ResourceType, attribute: str) -> bool:
    ref = resource_type.named(attribute)
    return ref is not None and ref.leaf.case_exact


def _changed_relations(before: ResourceType, after: ResourceType) -> Iterator[str]:
    for relation in before.relations:
        same = after.relation(relation.attribute)
        if same is None:
            yield f"{relation.attribute} cannot cease to be a relation"
        elif removed_targets := set(relation.targets) - set(same.targets):
            yield f"{relation.attribute} cannot be without the target {min(removed_targets)}"
    for reference in before.references:
        if reference not in after.references and can_refer(before.named(reference.attribute)):
            yield f"the reference {reference.attribute} stays as it was declared"
    for relation in after.relations:
        is_new = before.relation(relation.attribute) is None
        if is_new and before.schema.attribute(relation.attribute) is not None:
            yield f"{relation.attribute} cannot become a relation"
