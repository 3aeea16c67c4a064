"""Tolerances: named deviations from the RFCs that real clients need.

Each can be switched off. The names are listed here because strata that must not import each other
(the intake of resources, rewriting PATCH, binding filters) share them.
"""

from enum import StrEnum


class Tolerance(StrEnum):
    """A named deviation; the value is its name in reports and profiles."""

    STRING_BOOLEAN = "stringBoolean"
    """`"True"` for true, in bodies, PATCH values and filters (Entra)."""
    FOREIGN_SCHEMAS = "foreignSchemas"
    """Unknown URIs in `schemas` are dropped (Google, OneLogin, Entra). Before a name, the URNs that the
    base schemas had in SCIM 1.1 and in the RFC's drafts mean these (`urn:scim:schemas:core:1.0:active`)."""
    MISSING_SCHEMAS = "missingSchemas"
    """A body without `schemas`, or with an empty one, has the endpoint's schema."""
    REMOVE_BY_VALUE = "removeByValue"
    """PATCH remove with a value array removes only those values (Entra, JumpCloud), and removing what is
    not there changes nothing (Databricks' Terraform provider)."""
    CREATE_BY_FILTER = "createByFilter"
    """add or replace on `emails[type eq "work"].value` creates the missing value (Entra)."""
    BARE_REFERENCE = "bareReference"
    """A reference is a bare string or in an array, or is emptied by "" (Entra manager), or has its id
    under the name of SCIM 1.1 (`managerId`, OneLogin), or members are a value without a path (Okta)."""
    SHORT_EXTENSION_NAME = "shortExtensionName"
    """An extension attribute named without its URN (Entra manager)."""
    PART_ALONE = "partAlone"
    """A part of a single value named without its attribute, `givenName`, in PATCH and queries (Grouper)."""
    DOTTED_KEYS = "dottedKeys"
    """`name.givenName` and URN-prefixed keys in a path-less PATCH value (Entra)."""
    CAPITALISED_OP = "capitalisedOp"
    """`Add`, `Replace`, `Remove` (Entra), and `Update` for replace (GitLab's documentation)."""
    NULL_VALUES = "nullValues"
    """Explicit nulls, even for unknown attributes; replace with null removes (Entra)."""
    READ_ONLY_ECHO = "readOnlyEcho"
    """The own id, and readOnly attributes and schemas, which are ignored, in a path-less PATCH value (Okta)."""
    COMPLEX_COMPARISON = "complexComparison"
    """A filter on a single complex attribute, `manager eq "…"`, compares its `value` (Entra)."""
    UNQUOTED_LITERAL = "unquotedLiteral"
    """A bare word as the literal of a filter."""
    DUPLICATE_VALUES = "duplicateValues"
    """Equal (type, value) pairs in a multi-valued attribute are stored once."""
    UNKNOWN_ATTRIBUTES = "unknownAttributes"
    """Attributes that no schema defines are ignored."""
    UNKNOWN_PATHS = "unknownPaths"
    """A PATCH operation on an undefined path, or on a readOnly sub-attribute, is ignored (Entra)."""
    DOTTED_URN = "dottedUrn"
    """A dot between the URN of a schema and an attribute, in paths, filters and sortBy (WSO2)."""
    JSON_TEXT = "jsonText"
    """An object as JSON text (Entra's roles, SCIM-SDK's client, scim-for-keycloak)."""
    BASE_SCHEMA_KEY = "baseSchemaKey"
    """Base attributes nested under their schema's URN, as in extensions, in bodies and PATCH."""
    LIST_OF_ONE = "listOfOne"
    """A list of one for a single value, and a filter on one (SCIM-SDK, Azure AD, Entra's manager)."""
    UNESCAPED_PLUS = "unescapedPlus"
    """A blank for the `+` before the offset of a time in a filter: in a URL, `+` is a blank."""
    UNESCAPED_BACKSLASH = "unescapedBackslash"
    """A backslash in a quoted string of a filter that begins no escape of JSON, `"DOMAIN\\kim"`."""
    WRAPPED_VALUES = "wrappedValues"
    """`{"value": "x"}` for the simple value x (Entra's lists, the SCIM library of Microsoft), and
    `tags.value` for the values of a simple list."""
    STRING_NUMBER = "stringNumber"
    """`"5"` or 5.0 for 5, and 701984 for `"701984"`, in bodies, PATCH values and filters (Entra)."""
    FILTERED_ATTRIBUTES = "filteredAttributes"
    """A filter in `attributes` or `excludedAttributes`, `emails[type eq "work"]`."""
    LONE_OBJECTS = "loneObjects"
    """One operation instead of a list of operations, and `schemas` as one string (Oracle, XML)."""
    EMPTY_OPERATIONS = "emptyOperations"
    """A PATCH without an operation changes nothing (Microsoft's SCIM Validator)."""
    UNKNOWN_TARGETS = "unknownTargets"
    """A reference to a resource that does not exist is dropped instead of refused."""
