"""A resource type: an endpoint, its schemas, and what the store must know about it.

`indexes`, `relations`, `references` and derived values are this server's own hints. They are in a
schema extension of the ResourceType resource, which is removed when it is served. A relation has many
values, stored as edges; a reference has one, stored in the body, which names a resource that must exist.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scim.immutable import immutable
from scim.schema.schema import (
    COMMON,
    EXTERNAL_ID,
    ID,
    META,
    SCHEMAS,
    Attribute,
    AttributeType,
    Schema,
    split_name,
)


class Moment(StrEnum):
    """When a value is derived."""

    CREATION = "creation"
    WRITING = "writing"
    """At creation, and by a PUT that leaves the attribute without a value."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that is derived if the resource would have none.

    It is the value of the first of `sources` that has one, else the constant. Sources are attributes
    as in an Index, with the values that the client sent, even if they are readOnly. If the value must
    be unique and is taken, a number is appended.
    """

    attribute: str
    sources: tuple[str, ...] = ()
    constant: str | int | bool | None = None
    moment: Moment = Moment.CREATION
    is_unique: bool = False

    def constant_for(self, attribute: Attribute) -> str | int | bool | None:
        """Return the constant in the attribute's type; it can be text, because variables are always text.

        Raises ValueError when it is not of that type.
        """
        constant = self.constant
        match attribute.type:
            case AttributeType.INTEGER if constant is not None and not isinstance(constant, bool):
                return int(constant)
            case AttributeType.BOOLEAN if isinstance(constant, bool):
                return constant
            case AttributeType.STRING if isinstance(constant, str):
                return constant
        if constant is None:
            return None
        raise ValueError(f"no {attribute.type}")


class OnDelete(StrEnum):
    """What happens to a resource when the resource that it refers to is deleted."""

    CASCADE = "cascade"
    """It is deleted too."""
    CLEAR = "clear"
    """The attribute loses its value."""
    REFUSE = "refuse"
    """The other resource cannot be deleted while this one refers to it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A single-valued complex attribute, as a client writes it, and the types that its `value` can name."""

    attribute: str
    targets: tuple[str, ...]
    on_delete: OnDelete = OnDelete.REFUSE

    @property
    def index(self) -> str:
        """The indexed sub-attribute by which the resources that refer to a resource are found."""
        return f"{self.attribute}.value"


@dataclass(frozen=True, slots=True)
class Referrer:
    """A reference, from the side of a type that it can name: its type and attribute, and what deletion does."""

    type: str
    attribute: str
    on_delete: OnDelete


_DERIVED = frozenset(attribute.name for attribute in (ID, META, SCHEMAS))


@dataclass(frozen=True, slots=True)
class Extension:
    """A schema extension, and whether a resource must have it.

    `aliases` are URIs that older clients use for the same schema; they are never returned.
    """

    schema: Schema
    is_required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """An index of an attribute: answers eq, sw, ranges and sortBy; ensures uniqueness.

    `attribute` is in the form that a client writes: `userName`, `emails.value`,
    `urn:…:enterprise:2.0:User:employeeNumber`. A late index was declared when resources were already
    stored: it is written at once, but read only after it has been filled.
    """

    attribute: str
    is_unique: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A multi-valued attribute whose values are resources, stored as edges.

    `back_link` names the read-only attribute of the targets that mirrors it, if any; `metadata` names
    the read-only attribute that says where to read its values if they are too many.
    """

    attribute: str
    targets: tuple[str, ...]
    back_link: str | None = None
    metadata: str | None = None


@dataclass(frozen=True, slots=True)
class EdgesOf:
    """Says that a type's resources are the edges of another type's relation, one for each value.

    `source` and `target` name the complex attributes that hold the two ends.
    """

    type: str
    relation: str
    source: str
    target: str


@immutable
class AttributeRef:
    """An attribute or sub-attribute in a resource.

    `container` is the extension URN that the attribute is nested under, None for the base schema and
    the common attributes; `sub` is None unless a sub-attribute is meant.
    """

    container: str | None
    attribute: Attribute
    sub: Attribute | None = None

    @property
    def leaf(self) -> Attribute:
        return self.sub or self.attribute

    def __str__(self) -> str:
        name = self.attribute.name if self.sub is None else f"{self.attribute.name}.{self.sub.name}"
        return name if self.container is None else f"{self.container}:{name}"


@dataclass(frozen=True, eq=False)
class ResourceType:
    """The resource type of one endpoint (RFC 7643 section 6).

    It compares by identity, so that it can be the key of caches.
    """

    name: str
    endpoint: str
    description: str
    schema: Schema
    extensions: tuple[Extension, ...] = ()
    indexes: tuple[Index, ...] = ()
    relations: tuple[Relation, ...] = ()
    references: tuple[Reference, ...] = ()
    edges_of: EdgesOf | None = None
    derived: tuple[Derived, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other URIs of the base schema, which clients use for nesting or as prefix; never returned."""

    @cached_property
    def _attributes(self) -> dict[str, Attribute]:
        attributes = (*COMMON, *self.schema.attributes)
        return {attribute.name.lower(): attribute for attribute in attributes}

    @cached_property
    def _extensions(self) -> dict[str, Schema]:
        return {
            uri.lower(): extension.schema
            for extension in self.extensions
            for uri in (extension.schema.id, *extension.aliases)
        }

    @cached_property
    def stored_attributes(self) -> tuple[Attribute, ...]:
        """The base attributes that a stored body can have: externalId and the schema's own."""
        attributes = self.schema.attributes
        stored = tuple(attribute for attribute in attributes if attribute.name not in _DERIVED)
        is_restated = self.schema.attribute(EXTERNAL_ID.name) is not None
        return stored if is_restated else (EXTERNAL_ID, *stored)

    @cached_property
    def mentions(self) -> tuple[AttributeRef, ...]:
        """The single-valued attributes whose `value` can but need not be the id of a resource (manager)."""
        schemas = [
            (None, self.schema),
            *((extension.schema.id, extension.schema) for extension in self.extensions),
        ]
        declared = {reference.attribute for reference in self.references}
        refs = (
            AttributeRef(container, attribute)
            for container, schema in schemas
            for attribute in schema.attributes
            if attribute.can_name_resource
        )
        return tuple(ref for ref in refs if str(ref) not in declared)

    def is_read_elsewhere(self, ref: AttributeRef) -> bool:
        """Return whether the sub-attribute shows another resource (manager.displayName), so is not stored."""
        is_value = ref.sub is None or ref.sub.name == "value"
        if is_value or not ref.leaf.is_read_only or self.edges_of is not None:
            return False
        attribute = str(AttributeRef(ref.container, ref.attribute))
        references = {reference.attribute for reference in self.references}
        return attribute in references | set(map(str, self.mentions))

    def extension(self, uri: str) -> Schema | None:
        """Return the extension with that URN or alias in any case, or None."""
        return self._extensions.get(uri.lower())

    def is_alias(self, uri: str) -> bool:
        """Return whether the URI, in any case, is an alias of the base schema."""
        return any(uri.lower() == alias.lower() for alias in self.aliases)

    def is_base(self, uri: str) -> bool:
        """Return whether the URI, in any case, is the base schema's or an alias of it."""
        return uri.lower() == self.schema.id.lower() or self.is_alias(uri)

    def relation(self, attribute: str) -> Relation | None:
        """Return the relation with that attribute name in any case, or None."""
        name = attribute.lower()
        return next((r for r in self.relations if r.attribute.lower() == name), None)

    def attribute(self, name: str) -> Attribute | None:
        """Return the common or base-schema attribute of that name in any case, or None.

        A schema may restate a common attribute; the schema's definition then wins.
        """
        return self._attributes.get(name.lower())

    def ref_of(self, uri: str | None, name: str, sub: str | None = None) -> AttributeRef | None:
        """Return the attribute of that name, None if there is none.

        `uri` is the schema URN in front of the name, if any (RFC 7644 section 3.10).
        """
        ref = self._found(uri, name)
        if ref is None and uri is None and sub is not None:
            # `EnterpriseUser.department`: an alias need not be a URN.
            return self._found(name, sub)
        if ref is None or sub is None:
            return ref
        part = ref.attribute.sub(sub)
        return None if part is None else AttributeRef(ref.container, ref.attribute, part)

    def named(self, text: str) -> AttributeRef | None:
        """Return the attribute that a client writes in this way, None if there is none."""
        return self.ref_of(*split_name(text))

    @property
    def uris(self) -> tuple[str, ...]:
        """The URIs with which names of attributes can begin: those of the schemas and their aliases."""
        return (self.schema.id, *self.aliases, *self._extensions)

    def _found(self, uri: str | None, name: str) -> AttributeRef | None:
        if uri is None or self.is_base(uri):
            attribute = self.attribute(name)
            return None if attribute is None else AttributeRef(None, attribute)
        extension = self.extension(uri)
        attribute = None if extension is None else extension.attribute(name)
        if extension is None or attribute is None:
            return None
        return AttributeRef(extension.id, attribute)
