"""The catalogue of a tenant: the documents of its profile, and its own definitions."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from zlib import crc32

from scim.compiled import DEFINITIONS, Values, compiled
from scim.profile import Profile
from scim.profile.shipped import shipped
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import (
    Derived,
    EdgesOf,
    Extension,
    Index,
    Moment,
    OnDelete,
    Reference,
    Relation,
    ResourceType,
)
from scim.schema.schema import (
    Attribute,
    AttributeMutability,
    AttributeType,
    AttributeUniqueness,
    DefinitionError,
    Returned,
    Schema,
)

DISCOVERY = (
    *(
        f"urn:ietf:params:scim:schemas:core:2.0:{name}"
        for name in ("ServiceProviderConfig", "ResourceType", "Schema")
    ),
    "urn:serverless-scim:params:scim:schemas:core:1.0:Job",
    "urn:serverless-scim:params:scim:schemas:extension:conformance:1.0:ServiceProviderConfig",
)
"""The schemas that every catalogue serves if it has them, although no resource type names them."""
_VARIABLE = re.compile(r"\$\{([A-Za-z]\w*)\}")
_NOTHING: Mapping[str, str] = MappingProxyType({})
_CLASSES = (
    *(Catalogue, ResourceType, Schema, Attribute, Extension, Index, Relation, Reference),
    *(EdgesOf, Derived, Moment, OnDelete),
    *(AttributeType, AttributeMutability, AttributeUniqueness, Returned),
)


@dataclass(frozen=True, slots=True)
class Additions:
    """A tenant's additions to its profile: documents by source, and the values of variables."""

    schemas: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    resource_types: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    variables: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    mapping: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """The tenant's mapping, as `schema.mapping_document` returns it."""


NO_ADDITIONS = Additions()


def catalogue_of(profile: Profile, additions: Additions = NO_ADDITIONS) -> Catalogue:
    """Return the catalogue of a profile with a tenant's additions; raises DefinitionError.

    A schema in a folder replaces the schema above it with the same URI, because a vendor's user differs
    from the standard's. A tenant's schema replaces both.
    """
    variables = {**profile.variables, **additions.variables}
    if not additions.schemas and not additions.resource_types:
        catalogue = _plain(CatalogueParts.of(profile, variables))
    else:
        catalogue = _composed(
            profile.served_types, variables, profile.without_attributes, additions
        )
    if not additions.mapping:
        return catalogue
    domains = profile.domains
    return catalogue.with_mapping(additions.mapping, domains.plain if domains.names else str)


class CatalogueParts(NamedTuple):
    """What the catalogue of a profile is made of: types, variables, and the attributes left out."""

    types: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    without: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile, variables: Mapping[str, str]) -> "CatalogueParts":
        return cls(
            profile.served_types, tuple(sorted(variables.items())), profile.without_attributes
        )

    def json(self) -> list[Any]:
        return [
            list(self.types),
            [list(variable) for variable in self.variables],
            list(self.without),
        ]

    @property
    def name(self) -> str:
        """The name of the catalogue among those that the layer was built with."""
        return f"catalogue-{crc32(json.dumps(self.json()).encode()):08x}"


@lru_cache(maxsize=64)
def _plain(parts: CatalogueParts) -> Catalogue:
    compiled_catalogue = compiled(parts.name)
    if compiled_catalogue is None or compiled_catalogue["of"] != parts.json():
        return _composed(parts.types, dict(parts.variables), parts.without, NO_ADDITIONS)
    catalogue: Catalogue = Values(*_CLASSES).of(compiled_catalogue["catalogue"])
    return catalogue


def _composed(
    names: tuple[str, ...],
    variables: Mapping[str, str],
    without: tuple[str, ...],
    additions: Additions,
) -> Catalogue:
    types = {f"resource_types/{name}.json": _type_text(name) for name in names}
    types = _joined(
        {source: filled(text, variables, source) for source, text in types.items()},
        {
            source: filled(text, variables, source)
            for source, text in additions.resource_types.items()
        },
    )
    folders = {"": None, **dict.fromkeys(map(_folder, names))}
    schemas: dict[str, tuple[str, str]] = {}
    for folder in folders:
        for source, text in _schema_texts(folder):
            filled_text = _without(filled(text, variables, source), without, source)
            schemas[_uri_of(filled_text, source)] = source, filled_text
    own_uris: set[str] = set()
    for source, text in additions.schemas.items():
        filled_text = filled(text, variables, source)
        uri = _uri_of(filled_text, source)
        if uri in own_uris:
            raise DefinitionError(f"{source}: id: {uri} is defined more than once")
        own_uris.add(uri)
        schemas[uri] = source, filled_text
    served_uris = {*DISCOVERY, *own_uris, *_mentioned(types.values())}
    return Catalogue.of(
        {source: text for uri, (source, text) in schemas.items() if uri in served_uris}, types
    )


def _joined(profile_types: Mapping[str, str], tenant_types: Mapping[str, str]) -> dict[str, str]:
    """Return the types of a profile and of a tenant; the tenant's replace those of the same name or endpoint."""
    tenant_names = {
        name for source, text in tenant_types.items() for name in _names_in(text, source)
    }
    other_types = {
        source: text
        for source, text in profile_types.items()
        if tenant_names.isdisjoint(_names_in(text, source))
    }
    return {**other_types, **tenant_types}


def _names_in(text: str, source: str) -> set[str]:
    """Return what identifies a type: its name, and its endpoint, which begins with a slash."""
    document = _object(text, source)
    return {str(document.get(name, "")).lower() for name in ("name", "endpoint")} - {""}


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


@cache
def _type_text(name: str) -> str:
    file = DEFINITIONS / "resource_types" / f"{name}.json"
    if not file.is_file():
        raise DefinitionError(f"resource_types/{name}.json: there is no such document")
    return file.read_text("utf-8")


@cache
def _schema_texts(folder: str) -> tuple[tuple[str, str], ...]:
    root = DEFINITIONS / "schemas" / folder
    if not root.is_dir():
        return ()
    files = sorted(
        (file for file in root.iterdir() if file.name.endswith(".json")),
        key=lambda file: file.name,
    )
    prefix = f"schemas/{folder}/" if folder else "schemas/"
    return tuple((f"{prefix}{file.name}", file.read_text("utf-8")) for file in files)


def filled(text: str, variables: Mapping[str, str], source: str) -> str:
    """Return the document with its variables filled in. Raises DefinitionError for an unknown variable."""

    def value(variable: re.Match[str]) -> str:
        if variable[1] not in variables:
            raise DefinitionError(f"{source}: nothing says what {variable[0]} stands for")
        return json.dumps(variables[variable[1]])[1:-1]

    return _VARIABLE.sub(value, text)


def _without(text: str, attributes: tuple[str, ...], source: str) -> str:
    """Return a schema's document without the given attributes, which are named with their schema's URI."""
    if not attributes:
        return text
    document = _object(text, source)
    remaining = [
        attribute
        for attribute in document.get("attributes", [])
        if f"{document.get('id')}:{attribute.get('name')}" not in attributes
    ]
    return json.dumps({**document, "attributes": remaining})


def _uri_of(text: str, source: str) -> str:
    return str(_object(text, source).get("id", source))


def _mentioned(types: Iterable[str]) -> set[str]:
    mentioned: set[str] = set()
    for text in types:
        document = _object(text, "a resource type")
        mentioned.add(str(document.get("schema")))
        extensions = document.get("schemaExtensions")
        if isinstance(extensions, list):
            mentioned |= {
                str(extension.get("schema"))
                for extension in extensions
                if isinstance(extension, dict)
            }
    return mentioned


def _object(text: str, source: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise DefinitionError(f"{source}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise DefinitionError(f"{source}: not a JSON object")
    return document


def shipped_catalogue() -> Catalogue:
    """Return the catalogue of the default profile, read once per process."""
    return catalogue_of(Profile())


OFFERS = 64
"""The number of tenants' own catalogues that a function keeps; tenants without definitions share theirs."""

AdditionsOf = Callable[[str, str], Additions]
"""Takes a tenant and a version; returns the tenant's own definitions."""


class TenantCatalogue(NamedTuple):
    """A profile and its catalogue."""

    profile: Profile
    catalogue: Catalogue


TenantCatalogueOf = Callable[[str, str, str], TenantCatalogue]
"""Takes a tenant, the name of its profile and a version of its definitions; returns its catalogue.

Raises UnknownProfile and DefinitionError.
"""


def tenant_catalogues(
    additions: AdditionsOf = lambda _tenant, _version: NO_ADDITIONS,
) -> TenantCatalogueOf:
    """Return the catalogues of all tenants; each version of a tenant's definitions is read once."""

    @lru_cache(maxsize=OFFERS)
    def own(tenant: str, name: str, version: str) -> TenantCatalogue:
        profile = shipped(name)
        return TenantCatalogue(profile, catalogue_of(profile, additions(tenant, version)))

    def tenant_catalogue(tenant: str, name: str, version: str) -> TenantCatalogue:
        if version:
            return own(tenant, name, version)
        profile = shipped(name)
        return TenantCatalogue(profile, catalogue_of(profile))

    return tenant_catalogue
