"""An attribute definition: one entry of a schema's attributes (RFC 7643 section 7)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")
"""What an open attribute takes for the name of a part."""


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


class Mutability(StrEnum):
    """Who may set a value, and how often."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    """When a value appears in an answer."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(StrEnum):
    """Among which values a value must be unique."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True)
class Attribute:
    """One attribute or sub-attribute; names compare without regard to case.

    An open one is complex and has strings as parts under whatever names a client gives them.
    `known_by` is the part that tells several values apart, where they have one.
    """

    name: str
    type: AttributeType = AttributeType.STRING
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple["Attribute", ...] = ()
    is_open: bool = False
    known_by: str | None = None

    @property
    def is_complex(self) -> bool:
        return self.type is AttributeType.COMPLEX

    @property
    def is_read_only(self) -> bool:
        return self.mutability is Mutability.READ_ONLY

    @property
    def is_secret(self) -> bool:
        """Whether a client can set it and never learn what it is: it is not kept with the rest."""
        is_hidden = self.returned is Returned.NEVER and self.mutability is Mutability.IMMUTABLE
        return is_hidden or self.mutability is Mutability.WRITE_ONLY

    @cached_property
    def _by_name(self) -> dict[str, "Attribute"]:
        return {sub.name.lower(): sub for sub in self.sub_attributes}

    def sub(self, name: str) -> "Attribute | None":
        """Return the sub-attribute of that name in any case, or None.

        An open attribute has one of every name, spelt as it is asked for.
        """
        known = self._by_name.get(name.lower())
        if known is None and self.is_open and _NAME.fullmatch(name):
            return Attribute(name)
        return known
