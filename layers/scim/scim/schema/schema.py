"""Schemas, their attributes, and the names that clients write (RFC 7643 sections 3.1 and 7)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

_NO_RESOURCE = frozenset({"external", "uri"})
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")
"""A valid name of an open attribute's sub-attribute."""


class DefinitionError(ValueError):
    """A schema or resource type document is wrong; the message names the document and the place."""


class AttributeType(StrEnum):
    """The data types of RFC 7643 section 2.3."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class AttributeMutability(StrEnum):
    """Who can set a value, and how often."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    """When a response contains a value."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class AttributeUniqueness(StrEnum):
    """The scope in which a value must be unique."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True)
class Attribute:
    """One attribute or sub-attribute; names are case-insensitive.

    An open attribute is complex and has string sub-attributes of any names that clients choose.
    `known_by` is the sub-attribute that identifies the values of a multi-valued attribute, if any.
    """

    name: str
    type: AttributeType = AttributeType.STRING
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    case_exact: bool = False
    mutability: AttributeMutability = AttributeMutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: AttributeUniqueness = AttributeUniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple["Attribute", ...] = ()
    is_open: bool = False
    known_by: str | None = None

    @property
    def is_complex(self) -> bool:
        return self.type is AttributeType.COMPLEX

    @property
    def has_value(self) -> bool:
        """Whether it defines a sub-attribute `value`, so that a bare value can stand for the object."""
        return "value" in self._by_name

    @property
    def can_name_resource(self) -> bool:
        """Whether its only `value` can be the id of a resource, and its `$ref` the URI of it (manager)."""
        value, pointer = self._by_name.get("value"), self._by_name.get("$ref")
        if self.multi_valued or value is None or pointer is None:
            return False
        # RFC 7643 section 7: the other types of a reference are those of resources.
        names_none = bool(pointer.reference_types) and _NO_RESOURCE.issuperset(
            pointer.reference_types
        )
        return value.type is AttributeType.STRING and not names_none

    @property
    def is_read_only(self) -> bool:
        return self.mutability is AttributeMutability.READ_ONLY

    @property
    def is_secret(self) -> bool:
        """Whether clients can set but never read it; it is not stored with the resource."""
        is_hidden = (
            self.returned is Returned.NEVER and self.mutability is AttributeMutability.IMMUTABLE
        )
        return is_hidden or self.mutability is AttributeMutability.WRITE_ONLY

    @cached_property
    def _by_name(self) -> dict[str, "Attribute"]:
        return {sub.name.lower(): sub for sub in self.sub_attributes}

    def sub(self, name: str) -> "Attribute | None":
        """Return the sub-attribute of that name in any case, or None.

        An open attribute has a sub-attribute of every valid name, in the spelling of `name`.
        """
        sub_attribute = self._by_name.get(name.lower())
        if sub_attribute is None and self.is_open and _NAME.fullmatch(name):
            return Attribute(name)
        return sub_attribute


@dataclass(frozen=True)
class Schema:
    """A named collection of attribute definitions."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def _by_name(self) -> dict[str, Attribute]:
        return {attribute.name.lower(): attribute for attribute in self.attributes}

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of that name in any case, or None."""
        return self._by_name.get(name.lower())


SCHEMAS = Attribute(
    "schemas",
    AttributeType.REFERENCE,
    multi_valued=True,
    description="The URIs of the schemas present in the resource.",
    required=True,
    case_exact=True,
    returned=Returned.ALWAYS,
    reference_types=("uri",),
)
ID = Attribute(
    "id",
    description="The service provider's identifier of the resource.",
    required=True,
    case_exact=True,
    mutability=AttributeMutability.READ_ONLY,
    returned=Returned.ALWAYS,
    uniqueness=AttributeUniqueness.SERVER,
)
NUMBERED_ID = Attribute(
    ID.name, AttributeType.INTEGER, required=True, mutability=AttributeMutability.READ_ONLY
)
"""The id where ids are numbers: stored as text of digits, compared and sorted as a number."""
EXTERNAL_ID = Attribute(
    "externalId",
    description="The provisioning client's identifier of the resource.",
    case_exact=True,
)


def _meta(name: str, type_: AttributeType, description: str) -> Attribute:
    return Attribute(
        name,
        type_,
        description=description,
        case_exact=True,
        mutability=AttributeMutability.READ_ONLY,
    )


META = Attribute(
    "meta",
    AttributeType.COMPLEX,
    description="Metadata of the resource, set by the service provider.",
    mutability=AttributeMutability.READ_ONLY,
    sub_attributes=(
        _meta("resourceType", AttributeType.STRING, "The name of the resource type."),
        _meta("created", AttributeType.DATE_TIME, "When the resource was created."),
        _meta("lastModified", AttributeType.DATE_TIME, "When the resource was last changed."),
        _meta("location", AttributeType.REFERENCE, "The URI of the resource."),
        _meta("version", AttributeType.STRING, "The version (entity tag) of the resource."),
    ),
)

LINK_PARTS: Final = ("value", "$ref", "display", "type")
"""The parts of a value that names another resource; of a relation's value, no others are stored."""

COMMON = (SCHEMAS, ID, EXTERNAL_ID, META)
RESERVED = frozenset(attribute.name.lower() for attribute in COMMON)
"""The names of the common attributes; only a base schema may restate them."""


def undefined_link_parts(attribute: Attribute) -> tuple[str, ...]:
    """Return the parts of a value that names a resource which the attribute does not define."""
    return tuple(name for name in LINK_PARTS if attribute.sub(name) is None)


class Name(NamedTuple):
    """The parts of an attribute's name as a client writes it (RFC 7644 section 3.10)."""

    uri: str | None
    attribute: str
    sub: str | None = None


LONGEST_CACHED: Final = 200
"""The most characters of a name that is cached: a client may send a megabyte, and memory is limited."""


def split_name(text: str) -> Name:
    """Return the parts of the name; the text before the last colon is the schema's URI."""
    return _short_name(text) if len(text) <= LONGEST_CACHED else _name(text)


def _name(text: str) -> Name:
    uri, _, path = text.rpartition(":")
    attribute, _, sub = path.partition(".")
    return Name(uri or None, attribute, sub or None)


_short_name: Final = lru_cache(maxsize=1024)(_name)
