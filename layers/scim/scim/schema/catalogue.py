"""The catalogue: all schemas and resource types that a deployment or tenant serves."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from scim.schema.mapping import TypeMapping, type_mappings
from scim.schema.outline import Outline, Outlines, outline_of
from scim.schema.resource_type import Index, Referrer, ResourceType
from scim.schema.schema import (
    RESERVED,
    AttributeUniqueness,
    DefinitionError,
    Schema,
    undefined_link_parts,
)


class Incoming(NamedTuple):
    """A relation, from the side of a type that it can point to: the source's type and its attribute."""

    source: str
    relation: str


class RelationNames(NamedTuple):
    """The relations of a type's resources: their own, those that point at them, and references to them."""

    relations: tuple[str, ...]
    incoming: tuple[Incoming, ...]
    referrers: tuple[Referrer, ...]


class BackLink(NamedTuple):
    """A read-only attribute that mirrors a relation of another resource type."""

    attribute: str
    source: str
    relation: str
    undefined: tuple[str, ...] = ()
    """The parts of a value that names a resource which the attribute does not define."""


@dataclass(frozen=True)
class Catalogue:
    """Schemas in the order of `/Schemas`, and the resource types made of them.

    `mappings` are the tenant's mappings, of the types for which it has rules.
    """

    schemas: tuple[Schema, ...]
    resource_types: tuple[ResourceType, ...]
    mappings: tuple[TypeMapping, ...] = ()

    @classmethod
    def of(cls, schemas: Mapping[str, str], resource_types: Mapping[str, str]) -> "Catalogue":
        """Return the catalogue of JSON documents by source; raises DefinitionError."""
        from scim.schema.documents import (  # noqa: PLC0415 - not needed for compiled catalogues
            resource_type_from,
            schema_from,
        )
        from scim.schema.validation import require_sound  # noqa: PLC0415 - as above

        schemas_read = [schema_from(document, source) for source, document in schemas.items()]
        by_uri = {schema.id: schema for schema in schemas_read}
        _refuse_twice(schema.id for schema in schemas_read)
        types = {
            source: resource_type_from(document, by_uri, source)
            for source, document in resource_types.items()
        }
        _refuse_twice(resource_type.name for resource_type in types.values())
        _refuse_twice(resource_type.endpoint for resource_type in types.values())
        by_name = {resource_type.name: resource_type for resource_type in types.values()}
        for source, resource_type in types.items():
            require_sound(resource_type, by_name, source)
        return cls(tuple(schemas_read), tuple(_guarded(type_) for type_ in types.values()))

    def with_mapping(
        self, document: Mapping[str, Any], plain_name: Callable[[str], str] = str
    ) -> "Catalogue":
        """Return the catalogue with a tenant's mapping; raises DefinitionError when the mapping is invalid.

        `plain_name` returns the name of a group as it is stored.
        """
        types_with_back_links = [
            resource_type.name
            for resource_type in self.resource_types
            if self.back_links_of(resource_type.name)
        ]
        mappings = type_mappings(document, self.resource_types, types_with_back_links, plain_name)
        return replace(self, mappings=mappings)

    @cached_property
    def _mappings(self) -> dict[str, TypeMapping]:
        return {mapping.type: mapping for mapping in self.mappings}

    @cached_property
    def _types(self) -> dict[str, ResourceType]:
        return {resource_type.name: resource_type for resource_type in self.resource_types}

    @cached_property
    def _endpoints(self) -> dict[str, ResourceType]:
        return {
            resource_type.endpoint.strip("/"): resource_type
            for resource_type in self.resource_types
        }

    @cached_property
    def _endpoints_folded(self) -> dict[str, ResourceType]:
        return {
            segment.lower(): resource_type for segment, resource_type in self._endpoints.items()
        }

    @cached_property
    def _schemas(self) -> dict[str, Schema]:
        return {schema.id.lower(): schema for schema in self.schemas}

    @cached_property
    def _back_links(self) -> dict[str, tuple[BackLink, ...]]:
        return {
            resource_type.name: tuple(self._mirrored(resource_type))
            for resource_type in self.resource_types
        }

    @cached_property
    def nesting(self) -> frozenset[tuple[str, str]]:
        """The types and relations whose values can be resources of the same type."""
        return frozenset(
            (resource_type.name, relation.attribute)
            for resource_type in self.resource_types
            for relation in resource_type.relations
            if resource_type.name in relation.targets
        )

    @cached_property
    def _edge_types(self) -> dict[tuple[str, str], ResourceType]:
        return {
            (resource_type.edges_of.type, resource_type.edges_of.relation): resource_type
            for resource_type in self.resource_types
            if resource_type.edges_of is not None
        }

    @cached_property
    def stored_types(self) -> tuple[ResourceType, ...]:
        """The resource types whose resources are stored themselves, and are not edges of other types."""
        return tuple(
            resource_type for resource_type in self.resource_types if resource_type.edges_of is None
        )

    @cached_property
    def _referring(self) -> dict[str, tuple[Referrer, ...]]:
        return {
            target.name: tuple(
                Referrer(source.name, reference.attribute, reference.on_delete)
                for source in self.resource_types
                for reference in source.references
                if target.name in reference.targets
            )
            for target in self.resource_types
        }

    @cached_property
    def _outlines(self) -> dict[str, Outlines]:
        return {name: self._outlines_from(name) for name in self._types}

    @cached_property
    def _incoming(self) -> dict[str, tuple[Incoming, ...]]:
        return {
            target.name: tuple(
                Incoming(source.name, relation.attribute)
                for source in self.resource_types
                for relation in source.relations
                if target.name in relation.targets
            )
            for target in self.resource_types
        }

    @cached_property
    def _relation_names(self) -> dict[str, RelationNames]:
        return {
            resource_type.name: RelationNames(
                tuple(relation.attribute for relation in resource_type.relations),
                self._incoming[resource_type.name],
                self._referring[resource_type.name],
            )
            for resource_type in self.resource_types
        }

    def relation_names_of(self, type_name: str) -> RelationNames | None:
        """Return the relations of a type's resources, None for a type that is not served."""
        return self._relation_names.get(type_name)

    def resource_type(self, name: str) -> ResourceType | None:
        """Return the resource type of that name, spelt exactly, or None."""
        return self._types.get(name)

    def mapping_of(self, type_name: str) -> TypeMapping | None:
        """Return the mapping of a type's resources, None if there is none."""
        return self._mappings.get(type_name) if self.mappings else None

    def by_endpoint(self, segment: str) -> ResourceType | None:
        """Return the resource type served at that path segment, spelt exactly, or None."""
        return self._endpoints.get(segment)

    def by_endpoint_in_any_case(self, segment: str) -> ResourceType | None:
        """Return the resource type served at that path segment in any case, or None."""
        return self._endpoints_folded.get(segment.lower())

    def schema(self, uri: str) -> Schema | None:
        """Return the schema of that URI in any case, or None."""
        return self._schemas.get(uri.lower())

    def back_links_of(self, type_name: str) -> tuple[BackLink, ...]:
        """Return the attributes of the type that mirror relations pointing at it."""
        return self._back_links.get(type_name, ())

    def edge_type_of(self, type_name: str, relation: str) -> ResourceType | None:
        """Return the resource type that serves the relation's edges, or None."""
        return self._edge_types.get((type_name, relation))

    def outlines_of(self, type_name: str) -> Outlines:
        """Return the outlines of all types that deleting a resource of the type can reach.

        They are empty if no reference can name such a resource.
        """
        return self._outlines.get(type_name, {})

    def _outlines_from(self, type_name: str) -> Outlines:
        outlines: dict[str, Outline] = {}
        pending = [type_name] if self._referring[type_name] else []
        while pending:
            name = pending.pop()
            outlines[name] = outline_of(self._types[name], self._referring[name])
            pending += [
                referrer.type for referrer in self._referring[name] if referrer.type not in outlines
            ]
        return outlines

    def _mirrored(self, target: ResourceType) -> Iterator[BackLink]:
        for source in self.resource_types:
            for relation in source.relations:
                name = relation.back_link
                mirror = None if name is None else target.attribute(name)
                if target.name in relation.targets and mirror is not None:
                    undefined = undefined_link_parts(mirror)
                    yield BackLink(mirror.name, source.name, relation.attribute, undefined)


def _refuse_twice(names: Iterable[str]) -> None:
    folded_names: set[str] = set()
    for name in names:
        if name.lower() in folded_names:
            raise DefinitionError(f"{name} is defined more than once")
        folded_names.add(name.lower())


def _guarded(resource_type: ResourceType) -> ResourceType:
    """Return the type with the indexes that its attributes need, declared or not.

    Attributes that a schema declares unique need unique indexes; references need indexes to find the
    resources that refer to a resource.
    """
    indexes = {index.attribute: index for index in resource_type.indexes}
    for name in _unique_attributes(resource_type):
        indexes[name] = Index(name, is_unique=True)
    for reference in resource_type.references:
        indexes.setdefault(reference.index, Index(reference.index))
    return replace(resource_type, indexes=tuple(indexes.values()))


def _unique_attributes(resource_type: ResourceType) -> Iterator[str]:
    yield from _unique_in(resource_type.schema, "")
    for extension in resource_type.extensions:
        yield from _unique_in(extension.schema, f"{extension.schema.id}:")


def _unique_in(schema: Schema, prefix: str) -> Iterator[str]:
    for attribute in schema.attributes:
        if attribute.name.lower() in RESERVED:
            continue
        if attribute.uniqueness is not AttributeUniqueness.NONE and not attribute.is_complex:
            yield f"{prefix}{attribute.name}"
        for sub in attribute.sub_attributes:
            if sub.uniqueness is not AttributeUniqueness.NONE:
                yield f"{prefix}{attribute.name}.{sub.name}"
