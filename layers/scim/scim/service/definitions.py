"""A tenant's own definitions and mapping: check them as a whole, activate them, restore them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from scim.errors import Conflict, InvalidValue, NotFound, PayloadTooLarge, PreconditionFailed
from scim.profile import Profile
from scim.resource.mapped.attributes import require_values
from scim.resource.record import Stale
from scim.schema.catalogue import Catalogue
from scim.schema.compatibility import added_late, incompatibilities
from scim.schema.enforceable import require_enforceable
from scim.schema.loading import catalogue_of
from scim.schema.reserved_names import (
    require_filterable,
    require_free,
    require_new,
    require_storable,
)
from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import Definitions, DefinitionVersion, definitions_of
from scim.service.messages import Precondition
from scim.service.ports import Clock


class DefinitionStore(Protocol):
    """The kept versions of every tenant's definitions."""

    def current(self, tenant: str) -> DefinitionVersion:
        """Return the version in force; version 0, which is empty, when nothing was defined."""

    def definition_version(self, tenant: str, version: int) -> DefinitionVersion | None:
        """Return one version; None if it is no longer kept or never existed."""

    def put(self, tenant: str, definition_version: DefinitionVersion, most_kept: int) -> None:
        """Activate a version and keep only the newest `most_kept`. Raises Stale when another came first."""


class StoredTypes(Protocol):
    """The resources and indexes stored under the definitions in force."""

    def count(self, tenant: str, type_name: str) -> int:
        """Return the exact number of live resources of the type."""

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether a late index is complete."""


@dataclass(frozen=True, slots=True)
class DefinitionLimits:
    """How much a tenant may define: the number of documents, their total bytes, the versions kept."""

    number: int = 100
    size: int = 262_144
    kept: int = 10


@dataclass(frozen=True, slots=True)
class DefinitionService:
    """What checking and storing definitions needs."""

    definition_store: DefinitionStore
    stored_types: StoredTypes
    clock: Clock
    limits: DefinitionLimits


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes definitions: the tenant, its profile, and the id of the token used."""

    tenant: str
    profile: Profile
    author: str = ""


def edition_of(definition_store: DefinitionStore, tenant: str, version: str) -> DefinitionVersion:
    """Return the version with a number, given as text. Raises NotFound."""
    is_number = version.isascii() and version.isdecimal() and len(version) <= 9
    definition_version = (
        definition_store.definition_version(tenant, int(version)) if is_number else None
    )
    if definition_version is None:
        raise NotFound("There is no version with this number, or it is no longer stored.")
    return definition_version


def replace_definitions(
    definition_service: DefinitionService,
    author: Author,
    document: Mapping[str, object],
    condition: Precondition,
) -> DefinitionVersion:
    """Replace the active definitions with a document; an equal document changes nothing.

    The tenant's mapping stays and must fit the new definitions.

    Raises what `checked_definitions` raises, PreconditionFailed, and Conflict when another change came first.
    """
    present = definition_service.definition_store.current(author.tenant)
    condition.require(present.version)
    definitions = checked_definitions(definition_service, author, document, present)
    return _in_force(definition_service, author, present, definitions, condition)


def activate_version(
    definition_service: DefinitionService, author: Author, version: str
) -> DefinitionVersion:
    """Activate the definitions of an older version again, as a new version.

    Raises NotFound, and what `checked_definitions` raises: resources stored since may no longer fit.
    """
    present = definition_service.definition_store.current(author.tenant)
    document = edition_of(
        definition_service.definition_store, author.tenant, version
    ).definitions.json()
    definitions = checked_definitions(definition_service, author, document, present)
    return _in_force(definition_service, author, present, definitions, Precondition())


def replace_mapping(
    definition_service: DefinitionService, author: Author, mapping: Mapping[str, Any]
) -> DefinitionVersion:
    """Replace the active mapping; the definitions stay.

    Raises what `catalogue_with_mapping` raises, and Conflict when another change came first.
    """
    present = definition_service.definition_store.current(author.tenant)
    catalogue_with_mapping(definition_service, author, mapping)
    definitions = replace(present.definitions, mapping=mapping)
    return _in_force(definition_service, author, present, definitions, Precondition())


def catalogue_with_mapping(
    definition_service: DefinitionService, author: Author, mapping: Mapping[str, Any]
) -> Catalogue:
    """Return the catalogue the tenant would have with a mapping. Raises InvalidValue, PayloadTooLarge."""
    present = definition_service.definition_store.current(author.tenant).definitions
    definitions = replace(present, mapping=mapping)
    _require_little(definitions, definition_service.limits)
    try:
        catalogue = catalogue_of(author.profile, definitions.additions())
    except DefinitionError as error:
        raise InvalidValue(f"{error}.") from error
    for type_mapping in catalogue.mappings:
        require_values(type_mapping)
    return catalogue


def checked_definitions(
    definition_service: DefinitionService,
    author: Author,
    document: Mapping[str, object],
    present: DefinitionVersion,
) -> Definitions:
    """Return the definitions in a document, checked against what is served and stored.

    Raises InvalidValue when the document is wrong in itself, PayloadTooLarge when it is too large,
    and Conflict when stored resources would no longer be valid.
    """
    try:
        sent_definitions = definitions_of(document)
        definitions = replace(sent_definitions, mapping=present.definitions.mapping)
        _require_little(definitions, definition_service.limits)
        catalogue = _catalogue(definitions, author.profile)
        require_filterable(definitions, present.definitions)
    except DefinitionError as error:
        raise InvalidValue(f"{error}.") from error
    old_catalogue = _served(present, author.profile)
    require_survival(definition_service, author.tenant, old_catalogue, catalogue)
    return definitions


def _in_force(
    definition_service: DefinitionService,
    author: Author,
    present: DefinitionVersion,
    definitions: Definitions,
    condition: Precondition,
) -> DefinitionVersion:
    if definitions == present.definitions:
        return present
    new_version = DefinitionVersion(
        present.version + 1, definitions, definition_service.clock.now(), author.author
    )
    try:
        definition_service.definition_store.put(
            author.tenant, new_version, definition_service.limits.kept
        )
    except Stale as stale:
        refusal = PreconditionFailed if condition.asks_for_version else Conflict
        raise refusal("Another version came into force meanwhile; read it and try again.") from (
            stale
        )
    return new_version


def _require_little(definitions: Definitions, limits: DefinitionLimits) -> None:
    if definitions.number > limits.number:
        raise PayloadTooLarge(
            f"There are {definitions.number} schemas and resource types;"
            f" a tenant may define {limits.number}."
        )
    size = len(json.dumps(definitions.whole(), ensure_ascii=False).encode())
    if size > limits.size:
        raise PayloadTooLarge(
            f"The definitions have {size} bytes; at most {limits.size} are allowed."
        )


def _catalogue(definitions: Definitions, profile: Profile) -> Catalogue:
    # Names and endpoints hold no variables: they are checked as given.
    require_free(definitions)
    resolved = definitions.resolved(profile.variables)
    require_free(resolved)
    if not profile.may_redefine:
        require_new(resolved, catalogue_of(profile))
    catalogue = catalogue_of(profile, definitions.additions())
    require_storable(catalogue)
    require_enforceable(catalogue)
    return catalogue


def _served(present: DefinitionVersion, profile: Profile) -> Catalogue:
    """Return the catalogue in force, or the profile's when the tenant's own is broken.

    A later release may have reserved a name that the tenant uses: the repair must be possible.
    """
    try:
        return catalogue_of(profile, present.definitions.additions())
    except DefinitionError:
        return catalogue_of(profile)


def require_survival(
    definition_service: DefinitionService, tenant: str, old: Catalogue, new: Catalogue
) -> None:
    """Raise Conflict if a tenant's resources, stored under the old catalogue, would not be valid under the new one."""
    counts: dict[str, int] = {}
    for type_name, detail in incompatibilities(old, new):
        if type_name not in counts:
            counts[type_name] = definition_service.stored_types.count(tenant, type_name)
        if counts[type_name]:
            raise Conflict(
                f"{type_name}: {detail} while resources of this type are stored"
                f" ({counts[type_name]})."
            )
    for type_name, attribute in added_late(old, new):
        if definition_service.stored_types.is_built(tenant, type_name, attribute):
            raise Conflict(
                f"{type_name}: an index of {attribute} was filled before and has been removed since;"
                " it cannot be added again."
            )
