"""A resource type: an endpoint, its schemas, and what the store must know of it.

`indexes`, `relations`, `references` and derived values are this server's own hints; they travel in a
schema extension of the ResourceType resource and are stripped when it is served. A relation has many
values, kept as edges; a reference has one, kept in the body, and names a resource that must live.
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
    """When a value is made."""

    CREATION = "creation"
    WRITING = "writing"
    """At creation, and by a PUT that leaves the attribute without a value."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that is made where the resource would have none.

    It is that of the first of `sources` that has one, attributes as in an Index, as the client
    sent them although they may be readOnly; else the constant. A unique one is followed by a
    number where it is taken.
    """

    attribute: str
    sources: tuple[str, ...] = ()
    constant: str | int | bool | None = None
    moment: Moment = Moment.CREATION
    is_unique: bool = False

    def constant_for(self, attribute: Attribute) -> str | int | bool | None:
        """Return the constant as the attribute's type has it: variables are always text.

        Raises ValueError for one that is none.
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
    """What becomes of a resource when the one it refers to is deleted."""

    CASCADE = "cascade"
    """It goes too."""
    CLEAR = "clear"
    """The attribute loses its value."""
    REFUSE = "refuse"
    """Nothing: the other cannot be deleted while it is referred to."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A single complex attribute, written as a client would, and what its `value` may name."""

    attribute: str
    targets: tuple[str, ...]
    on_delete: OnDelete = OnDelete.REFUSE

    @property
    def index(self) -> str:
        """The indexed sub-attribute by which whoever refers to a resource is found."""
        return f"{self.attribute}.value"


@dataclass(frozen=True, slots=True)
class Referrer:
    """A reference seen from a type it may name: whose it is, and what a deletion does to it."""

    type: str
    attribute: str
    on_delete: OnDelete


_DERIVED = frozenset(attribute.name for attribute in (ID, META, SCHEMAS))


@dataclass(frozen=True, slots=True)
class Extension:
    """A schema extension and whether a resource must carry it.

    `aliases` are URIs older clients use for the same schema; they are never shown.
    """

    schema: Schema
    is_required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """An attribute kept in key order: answers eq, sw, ranges and sortBy; guards uniqueness.

    `attribute` is written as a client would write it: `userName`, `emails.value`,
    `urn:…:enterprise:2.0:User:employeeNumber`. A late one was declared when resources were
    stored already: it is written at once, and read when it has been filled.
    """

    attribute: str
    is_unique: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A multi-valued attribute whose values are resources, kept as edges.

    `back_link` names the read-only attribute of the targets that mirrors it, if any;
    `metadata` the read-only attribute that says where its values are when they are too many.
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
    """Where in a resource a value lives.

    `container` is the extension URN the attribute is nested under, None for the base
    schema and the common attributes; `sub` is set when one sub-attribute is meant.
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
    """What one endpoint serves (RFC 7643 section 6).

    One is equal to itself alone: what is made of it is remembered by it.
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
    """URIs under which clients nest, or prefix with, what is in the base schema; never shown."""

    @cached_property
    def _attributes(self) -> dict[str, Attribute]:
        return {each.name.lower(): each for each in (*COMMON, *self.schema.attributes)}

    @cached_property
    def _extensions(self) -> dict[str, Schema]:
        return {
            uri.lower(): extension.schema
            for extension in self.extensions
            for uri in (extension.schema.id, *extension.aliases)
        }

    @cached_property
    def stored_attributes(self) -> tuple[Attribute, ...]:
        """The base attributes a stored body can hold: externalId and the schema's own."""
        own = tuple(each for each in self.schema.attributes if each.name not in _DERIVED)
        is_restated = self.schema.attribute(EXTERNAL_ID.name) is not None
        return own if is_restated else (EXTERNAL_ID, *own)

    @cached_property
    def mentions(self) -> tuple[AttributeRef, ...]:
        """The single attributes whose `value` may be the id of a resource, and need not be (manager)."""
        schemas = [
            (None, self.schema),
            *((each.schema.id, each.schema) for each in self.extensions),
        ]
        declared = {each.attribute for each in self.references}
        refs = (
            AttributeRef(container, attribute)
            for container, schema in schemas
            for attribute in schema.attributes
            if not attribute.multi_valued
            and {"value", "$ref"} <= {sub.name for sub in attribute.sub_attributes}
        )
        return tuple(ref for ref in refs if str(ref) not in declared)

    def extension(self, uri: str) -> Schema | None:
        """Return the extension with that URN or alias in any case, or None."""
        return self._extensions.get(uri.lower())

    def is_alias(self, uri: str) -> bool:
        """Tell whether the URI is another one of the base schema, in any case."""
        return any(uri.lower() == alias.lower() for alias in self.aliases)

    def is_base(self, uri: str) -> bool:
        """Tell whether the URI is that of the base schema, or another one of it, in any case."""
        return uri.lower() == self.schema.id.lower() or self.is_alias(uri)

    def relation(self, attribute: str) -> Relation | None:
        """Return the relation kept under that attribute name in any case, or None."""
        wanted = attribute.lower()
        return next((r for r in self.relations if r.attribute.lower() == wanted), None)

    def attribute(self, name: str) -> Attribute | None:
        """Return the common or base-schema attribute of that name in any case, or None.

        A schema may restate a common attribute; the schema's definition then wins.
        """
        return self._attributes.get(name.lower())

    def ref_of(self, uri: str | None, name: str, sub: str | None = None) -> AttributeRef | None:
        """Return where the named attribute lives, or None when there is no such attribute.

        `uri` is the schema URN the client prefixed, if any (RFC 7644 section 3.10).
        """
        found = self._found(uri, name)
        if found is None and uri is None and sub is not None:
            # `EnterpriseUser.department`: an alias need not be a URN.
            return self._found(name, sub)
        if found is None or sub is None:
            return found
        below = found.attribute.sub(sub)
        return None if below is None else AttributeRef(found.container, found.attribute, below)

    def named(self, text: str) -> AttributeRef | None:
        """Return where the attribute written that way lives, or None when there is none."""
        return self.ref_of(*split_name(text))

    @property
    def uris(self) -> tuple[str, ...]:
        """The URIs that names of attributes may begin with: of the schemas and their aliases."""
        return (self.schema.id, *self.aliases, *self._extensions)

    def _found(self, uri: str | None, name: str) -> AttributeRef | None:
        if uri is None or self.is_base(uri):
            attribute = self.attribute(name)
            return None if attribute is None else AttributeRef(None, attribute)
        extension = self.extension(uri)
        attribute = None if extension is None else extension.attribute(name)
        return (
            None
            if extension is None or attribute is None
            else AttributeRef(extension.id, attribute)
        )
