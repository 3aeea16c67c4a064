"""Names that a tenant's definitions may not use: the service's own, and those that cannot be keys."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from scim.permission import Permissions
from scim.schema.catalogue import Catalogue
from scim.schema.loading import DISCOVERY
from scim.schema.resource_type import ResourceType
from scim.schema.schema import COMMON, DefinitionError, Schema
from scim.schema.tenant_definitions import Definitions, Document, source_of

_OURS = ("urn:ietf:params:scim:api:", "urn:serverless-scim:")
_URI = re.compile(r"(?:(?!#)[!-~]){1,200}")
_ATTRIBUTE = re.compile(r"(?:(?!#)[!-~]){1,256}")
_COMMON = frozenset({"schemas", "id", "externalid", "meta"})
_FILTER_WORDS: Final = frozenset(
    {"and", "or", "not", "pr", "true", "false", "null"}
    | {"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}
)
"""Words that a filter never reads as the name of an attribute."""
_PASSWORD = "password"  # noqa: S105 - an attribute's name
_NAME = re.compile(r"[A-Z][A-Za-z0-9_-]{0,63}")
_ENDPOINT = re.compile(r"/[A-Za-z][A-Za-z0-9_.~-]{0,63}")
_OWN_TYPES = frozenset({"schema", "resourcetype", "serviceproviderconfig", "job", "definitions"})


def require_free(definitions: Definitions) -> None:
    """Raise DefinitionError when a document uses a name of the service, or an invalid one."""
    for index, schema in enumerate(definitions.schemas):
        _require(_wrong_with_schema(schema), source_of("schemas", index, schema.get("id")))
    for index, type_ in enumerate(definitions.resource_types):
        wrong = _wrong_with_type(type_)
        _require(wrong, source_of("resourceTypes", index, type_.get("name")))


def require_filterable(definitions: Definitions, present: Definitions) -> None:
    """Raise DefinitionError when an attribute has a word of filters as its name, unless `present` has it, too.

    While resources have values of an attribute, it cannot be renamed.
    """
    present_words = {word for _, word in _filter_words(present)}
    for source, word in _filter_words(definitions):
        if word not in present_words:
            raise DefinitionError(
                f"{source}: attributes: {word} is a word of filters; choose another name"
            )


def require_storable(catalogue: Catalogue) -> None:
    """Raise DefinitionError when a name is too long for a key, or a schema restates a common attribute
    with another type or number of values."""
    for resource_type in catalogue.resource_types:
        _require(_too_long(resource_type), resource_type.name)
    for schema in catalogue.schemas:
        if schema.id not in DISCOVERY:
            _require(_wrongly_restated(schema), schema.id)


def require_new(definitions: Definitions, catalogue: Catalogue) -> None:
    """Raise DefinitionError when a document would replace a schema or type of the profile."""
    for index, schema in enumerate(definitions.schemas):
        source = source_of("schemas", index, schema.get("id"))
        if catalogue.schema(str(schema.get("id"))) is not None:
            raise DefinitionError(f"{source}: id: the profile has this schema; choose another URI")
    names = {resource_type.name.lower() for resource_type in catalogue.resource_types}
    for index, type_ in enumerate(definitions.resource_types):
        source = source_of("resourceTypes", index, type_.get("name"))
        if str(type_.get("name")).lower() in names:
            raise DefinitionError(f"{source}: name: the profile has this type; choose another name")
        if catalogue.by_endpoint_in_any_case(str(type_.get("endpoint"))[1:]) is not None:
            raise DefinitionError(f"{source}: endpoint: a type of the profile is served there")


def _wrong_with_schema(document: Document) -> Iterator[str]:
    uri = str(document.get("id"))
    if uri in DISCOVERY or uri.lower().startswith(_OURS):
        yield "id: this URI is the service's own"
    if _URI.fullmatch(uri) is None:
        yield "id: expected a URI of up to 200 visible ASCII characters without #"
    for attribute in _attributes(document):
        name = str(attribute.get("name"))
        if name.lower() in _COMMON:
            yield f"attributes: {name} is common to all resources; leave it out"
        if name.lower() == "$ref":
            yield f"attributes: {name} is a part of a value that refers to a resource; nest it"
        for definition in (attribute, *_attributes(attribute, "subAttributes")):
            if str(definition.get("name")).lower() == _PASSWORD and not _is_hidden(definition):
                yield (
                    f"attributes: {definition.get('name')} could be read; expected"
                    ' "mutability": "writeOnly" and "returned": "never"'
                )


def _filter_words(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """Yield the words of filters that are names of attributes or their parts, each with its document."""
    for index, schema in enumerate(definitions.schemas):
        for attribute in _attributes(schema):
            for definition in (attribute, *_attributes(attribute, "subAttributes")):
                word = str(definition.get("name")).lower()
                if word in _FILTER_WORDS:
                    yield source_of("schemas", index, schema.get("id")), word


def _attributes(document: Document, member: str = "attributes") -> list[Mapping[str, object]]:
    elements = document.get(member)
    if not isinstance(elements, list):
        return []
    return [element for element in elements if isinstance(element, Mapping)]


def _is_hidden(attribute: Mapping[str, object]) -> bool:
    return attribute.get("mutability") == "writeOnly" and attribute.get("returned") == "never"


def _wrong_with_type(document: Document) -> Iterator[str]:
    name, endpoint = str(document.get("name")), str(document.get("endpoint"))
    if _NAME.fullmatch(name) is None:
        yield "name: expected a capital letter, then up to 63 letters, digits, _ and -"
    if name.lower() in _OWN_TYPES:
        yield "name: this type is the service's own"
    if _ENDPOINT.fullmatch(endpoint) is None:
        yield "endpoint: expected a slash, a letter, then up to 63 letters, digits and _.~-"
    if endpoint[1:].lower() in _reserved_segments():
        yield "endpoint: this path is the service's own"


def _reserved_segments() -> set[str]:
    """Return the first path segments of the rows in the table of permissions, in lower case."""
    rows = Permissions.shipped().rows
    return {path.removeprefix("/").partition("/")[0].lower() for path in rows}


def _too_long(resource_type: ResourceType) -> Iterator[str]:
    attributes = [index.attribute for index in resource_type.indexes]
    attributes += [relation.attribute for relation in resource_type.relations]
    for attribute in attributes:
        if _ATTRIBUTE.fullmatch(attribute) is None:
            yield f"{attribute[:80]}: expected up to 256 visible ASCII characters without #"


def _wrongly_restated(schema: Schema) -> Iterator[str]:
    for common in COMMON:
        restated = schema.attribute(common.name)
        if restated is None:
            continue
        if restated.is_complex != common.is_complex or restated.multi_valued != common.multi_valued:
            yield f"{restated.name}: expected the type and number of values of RFC 7643 section 3.1"


def _require(wrong: Iterator[str], source: str) -> None:
    for text in wrong:
        raise DefinitionError(f"{source}: {text}")
