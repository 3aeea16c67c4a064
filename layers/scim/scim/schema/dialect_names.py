"""Names of attributes in forms that clients write and RFC 7644 section 3.10 does not define."""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from scim.immutable import REMEMBERED
from scim.profile import Tolerance
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import COMMON, Attribute, Name, Returned, split_name

LONGEST_ECHO: Final = 120
"""The most characters of a client's name that an error repeats or looks for."""
_FORMER: Final = "urn:scim:schemas:core:"
_CORE: Final = "urn:ietf:params:scim:schemas:core:2.0:"
_NOTHING: tuple[None, frozenset[Tolerance]] = (None, frozenset())


def spelt_otherwise(
    resource_type: ResourceType, text: str, tolerances: frozenset[Tolerance]
) -> tuple[AttributeRef | None, frozenset[Tolerance]]:
    """Return the attribute of a name in a nonstandard form, and the tolerance that it needs."""
    uri, name, sub = split_name(text)
    if (ref := listed(resource_type, uri, name, sub)) is not None:
        needed = Tolerance.WRAPPED_VALUES
    elif (ref := below_former(resource_type, uri, name, sub)) is not None:
        needed = Tolerance.FOREIGN_SCHEMAS
    elif uri is None and (ref := part_alone(resource_type, name, sub)) is not None:
        needed = Tolerance.PART_ALONE
    elif uri is None:
        needed, ref = Tolerance.SHORT_EXTENSION_NAME, short(resource_type, name, sub)
    else:
        needed, ref = Tolerance.DOTTED_URN, dotted(resource_type, text)
    if ref is not None:
        return (ref, frozenset({needed})) if needed in tolerances else _NOTHING
    return _listed_otherwise(resource_type, text, tolerances)


def _listed_otherwise(
    resource_type: ResourceType, text: str, tolerances: frozenset[Tolerance]
) -> tuple[AttributeRef | None, frozenset[Tolerance]]:
    """Return the simple multi-valued attribute whose name before `.value` is in such a form too, `keys.value`."""
    name, _, part = text.rpartition(".")
    if not name or part.lower() != "value" or name.lower().endswith(".value"):
        return _NOTHING
    ref, needed = spelt_otherwise(resource_type, name, tolerances)
    is_list = ref is not None and ref.leaf.multi_valued and not ref.leaf.is_complex
    if not is_list or Tolerance.WRAPPED_VALUES not in tolerances:
        return _NOTHING
    return ref, needed | {Tolerance.WRAPPED_VALUES}


def short(resource_type: ResourceType, name: str, sub: str | None = None) -> AttributeRef | None:
    """Return the extension attribute of a name without a URN, if only one extension defines it, or None.

    Entra filters on `manager`.
    """
    if resource_type.attribute(name) is not None:
        return None
    candidates = (
        resource_type.ref_of(extension.schema.id, name, sub)
        for extension in resource_type.extensions
    )
    refs = [ref for ref in candidates if ref is not None]
    return refs[0] if len(refs) == 1 else None


def part_alone(
    resource_type: ResourceType, name: str, sub: str | None = None
) -> AttributeRef | None:
    """Return the part of a single value that is named without its attribute, or None if several could be meant.

    `givenName` for `name.givenName`. Parts of references (`value`, `$ref`) and readOnly parts have no such names.
    """
    return None if sub is not None else _parts_alone(resource_type).get(name.lower())


@lru_cache(maxsize=REMEMBERED)
def _parts_alone(resource_type: ResourceType) -> Mapping[str, AttributeRef]:
    """Return the parts that their names alone mean, by name in lower case."""
    schemas = (resource_type.schema, *(extension.schema for extension in resource_type.extensions))
    attributes = {attribute.name.lower() for schema in schemas for attribute in schema.attributes}
    parts = [
        (part.name.lower(), AttributeRef(None, attribute, part))
        for attribute in resource_type.schema.attributes
        if not (
            attribute.multi_valued
            or attribute.is_read_only
            or attribute.is_open
            or attribute.has_value
        )
        for part in attribute.sub_attributes
        if not part.is_read_only
    ]
    names = Counter(name for name, _ in parts)
    return {name: ref for name, ref in parts if names[name] == 1 and name not in attributes}


def listed(
    resource_type: ResourceType, uri: str | None, name: str, sub: str | None
) -> AttributeRef | None:
    """Return the simple multi-valued attribute whose values a name such as `tags.value` means, or None.

    RFC 7644 uses `value` for them in value filters, `tags[value eq "a"]`, but not in names.
    """
    if sub is None or sub.lower() != "value":
        return None
    ref = resource_type.ref_of(uri, name)
    is_list = ref is not None and ref.attribute.multi_valued and not ref.attribute.is_complex
    return ref if is_list else None


def dotted(resource_type: ResourceType, text: str) -> AttributeRef | None:
    """Return the attribute of a name with a dot instead of the colon after its URN, or None.

    `urn:…:User.department`, `urn:…:User.manager.value`.
    """
    for uri in resource_type.uris:
        if text.lower().startswith(f"{uri.lower()}."):
            name, _, sub = text[len(uri) + 1 :].partition(".")
            return resource_type.ref_of(uri, name, sub or None)
    return None


def below_former(
    resource_type: ResourceType, uri: str | None, name: str, sub: str | None
) -> AttributeRef | None:
    """Return the base attribute of a name below a URN that SCIM 1.1 or the RFC's drafts had, or None.

    `urn:scim:schemas:core:1.0:active`, `urn:scim:schemas:core:2.0:Group:members`.
    """
    if uri is None or not uri.lower().startswith(_FORMER):
        return None
    kind = resource_type.schema.id.lower().removeprefix(_CORE)
    is_former = uri.lower() in (f"{_FORMER}1.0", f"{_FORMER}2.0", f"{_FORMER}2.0:{kind}")
    return resource_type.ref_of(None, name, sub) if is_former else None


def echo_of(name: object) -> str:
    """Return a client's name as an error repeats it: the end of a long one is left out."""
    text = str(name)
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"


def hint(name: str, names: Iterable[str]) -> str:
    """Return the known name nearest to a client's, as the end of a sentence, empty if none is near."""
    names_by_lower = {known_name.lower(): known_name for known_name in names}
    matches = get_close_matches(name.lower()[:LONGEST_ECHO], names_by_lower, n=1)
    return f"; did you mean '{names_by_lower[matches[0]]}'?" if matches else ""


def attribute_hint(types: Iterable[ResourceType], name: Name) -> str:
    """Return the hint for a name that is no attribute of the types: an attribute, or a part of one.

    An unknown URN has no hint, and what is never returned is none.
    """
    return next(filter(None, (_hint_in(type_, name) for type_ in types)), "")


def _hint_in(type_: ResourceType, unknown: Name) -> str:
    ref = type_.ref_of(unknown.uri, unknown.attribute)
    if ref is not None and unknown.sub is not None:
        parts = [f"{ref}.{name}" for name in _shown(ref.attribute.sub_attributes)]
        return hint(f"{ref}.{unknown.sub}"[-LONGEST_ECHO:], parts)
    if unknown.uri is not None and not type_.is_base(unknown.uri):
        return ""
    part = part_alone(type_, unknown.attribute, unknown.sub)
    if part is not None and part.leaf.returned is not Returned.NEVER:
        return f"; did you mean '{part}'?"
    return hint(unknown.attribute, _shown((*COMMON, *type_.schema.attributes)))


def _shown(attributes: Iterable[Attribute]) -> list[str]:
    return [attribute.name for attribute in attributes if attribute.returned is not Returned.NEVER]
