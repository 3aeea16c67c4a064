"""Tolerances: named rewrites of what real clients send into plain RFC 7644.

Each can be switched off. The names are listed here because strata that must not see each other
(taking in resources, normalising PATCH, binding filters) share them.
"""

from enum import StrEnum


class Tolerance(StrEnum):
    """The named rewrites; the value is what reports and switches call it."""

    STRING_BOOLEAN = "stringBoolean"
    """`"True"` for true, in bodies, PATCH values and filters (Entra)."""
    FOREIGN_SCHEMAS = "foreignSchemas"
    """URIs in `schemas` this server does not know are dropped (Google, OneLogin, Entra)."""
    MISSING_SCHEMAS = "missingSchemas"
    """A body without `schemas`, or with an empty one, is what the endpoint serves."""
    REMOVE_BY_VALUE = "removeByValue"
    """PATCH remove with a value array removes just those values (Entra, JumpCloud)."""
    CREATE_BY_FILTER = "createByFilter"
    """add or replace on `emails[type eq "work"].value` creates the missing element (Entra)."""
    BARE_REFERENCE = "bareReference"
    """A reference given as a bare string, or in an array, or emptied by "" (Entra manager)."""
    SHORT_EXTENSION_NAME = "shortExtensionName"
    """An extension attribute named without its URN (Entra manager)."""
    DOTTED_KEYS = "dottedKeys"
    """`name.givenName` and URN-prefixed keys in a path-less PATCH value (Entra)."""
    CAPITALISED_OP = "capitalisedOp"
    """`Add`, `Replace`, `Remove` (Entra)."""
    NULL_VALUES = "nullValues"
    """Explicit nulls, even for unknown attributes; replace with null removes (Entra)."""
    READ_ONLY_ECHO = "readOnlyEcho"
    """id, meta, groups, schemas sent back unchanged inside a PATCH value (Okta, authentik)."""
    COMPLEX_COMPARISON = "complexComparison"
    """A filter on a complex attribute compares its `value` (Entra, Ping)."""
    UNQUOTED_LITERAL = "unquotedLiteral"
    """A bare word as filter literal."""
    DUPLICATE_VALUES = "duplicateValues"
    """Equal (type, value) pairs in a multi-valued attribute are stored once."""
    UNKNOWN_ATTRIBUTES = "unknownAttributes"
    """Attributes no schema defines are ignored."""
    UNKNOWN_TARGETS = "unknownTargets"
    """A reference to a resource that does not exist is left out instead of refused."""
