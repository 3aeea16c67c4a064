"""Where a resource refers to others by id: in relations and references, and beside a `$ref`."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from scim.resource.body import AttributeKey, attributes_of
from scim.resource.fold import folded
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, split_name
from scim.service.bulk.bulk_ids import PREFIX

VALUE, REFERENCE = "value", "$ref"
_KEY = Attribute("key")
Rename = Callable[[str], str | None]
"""Returns the replacement for an id, None to keep it."""


@dataclass(frozen=True, slots=True)
class References:
    """The attributes of one resource type that refer to resources: container and name in lower case."""

    attributes: frozenset[AttributeKey]

    @classmethod
    def of(cls, resource_type: ResourceType, catalogue: Catalogue) -> "References":
        """Return those of a type: relations, references, an edge's ends, attributes with a `$ref`."""
        names = {type_.name for type_ in catalogue.resource_types}
        relation_names = {relation.attribute for relation in resource_type.relations}
        if resource_type.edges_of is not None:
            relation_names |= {resource_type.edges_of.source, resource_type.edges_of.target}
        attributes: set[AttributeKey] = {(None, name.lower()) for name in relation_names}
        for reference in resource_type.references:
            container, name, _ = split_name(reference.attribute)
            attributes.add((None if container is None else container.lower(), name.lower()))
        for container, attribute in attributes_of(resource_type):
            if not attribute.is_read_only and _names_resources(attribute, names):
                attributes.add(
                    (None if container is None else container.lower(), attribute.name.lower())
                )
        return cls(frozenset(attributes))

    def names_in(self, resource: Mapping[str, object]) -> frozenset[str]:
        """Return every id the resource refers to."""
        names: set[str] = set()

        def note(name: str) -> None:
            names.add(name)

        self.renamed(resource, note)
        return frozenset(names)

    def linked(self, resource: Mapping[str, object], known: AbstractSet[str]) -> dict[str, object]:
        """Return the resource with bulkIds in place of the ids in `known`."""
        return self.renamed(resource, lambda name: PREFIX + name if name in known else None)

    def renamed(self, resource: Mapping[str, object], rename: Rename) -> dict[str, object]:
        """Return the resource with each id it refers to replaced, where `rename` has a replacement."""
        containers = {container for container, _ in self.attributes if container is not None}
        renamed = dict(resource)
        for name, value in resource.items():
            if (None, name.lower()) in self.attributes:
                renamed[name] = renamed_values(value, rename)
            elif name.lower() in containers and isinstance(value, Mapping):
                renamed[name] = {
                    sub: renamed_values(part, rename)
                    if (name.lower(), sub.lower()) in self.attributes
                    else part
                    for sub, part in value.items()
                }
        return renamed


def renamed_values(value: object, rename: Rename) -> object:
    """Return one or several values of a reference, with each id replaced where `rename` has one."""
    match value:
        case list():
            return [renamed_values(item, rename) for item in value]
        case Mapping():
            return _renamed_value(value, rename)
        case _:
            return value


def compared_key(name: str, key: str) -> str:
    """Return a resource's name as it is compared: an id unchanged, other keys as userName is."""
    return name if key == "id" else folded(_KEY, name)


def ids_of(value: object) -> Iterator[str]:
    """Yield the ids in one or several values of a reference."""
    for item in value if isinstance(value, list) else [value]:
        id_ = item.get(VALUE) if isinstance(item, Mapping) else None
        if isinstance(id_, str):
            yield id_


def _renamed_value(value: Mapping[str, object], rename: Rename) -> Mapping[str, object]:
    id_ = value.get(VALUE)
    new_id = rename(id_) if isinstance(id_, str) else None
    if new_id is None:
        return value
    # `$ref` is dropped: its URL names the old resource.
    return {name: part for name, part in value.items() if name != REFERENCE} | {VALUE: new_id}


def _names_resources(attribute: Attribute, names: AbstractSet[str]) -> bool:
    reference = attribute.sub(REFERENCE)
    return (
        attribute.sub(VALUE) is not None
        and reference is not None
        and not names.isdisjoint(reference.reference_types)
    )
