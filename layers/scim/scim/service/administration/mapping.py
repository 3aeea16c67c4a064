"""Mapping: a tenant's mapping is drafted, previewed on real resources, activated and restored."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from scim.errors import Conflict, InvalidValue, NotFound
from scim.schema.mapping_document import read_mapping
from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import DefinitionVersion, MappingDraft
from scim.service.administration.definitions import author_of, definition_service_of
from scim.service.administration.mapping_preview import groups_named, preview_of
from scim.service.administration.ports import Administration, OperationResult, items_of
from scim.service.administration.requests import (
    ByTenant,
    ByVersion,
    MappingActivation,
    MappingDocument,
    MappingPreview,
)
from scim.service.administration.tenant_lookups import tenant_named
from scim.service.definitions import catalogue_with_mapping, edition_of, replace_mapping

AUTHOR = "operator"
_NOTE = "Takes effect within a minute for tokens in use; attributes are mapped when a resource is next written."
_NO_DRAFT = "There is no draft of a mapping."


def show_mapping(administration: Administration, request: ByTenant) -> OperationResult:
    """Show the mapping in force, and the draft if there is one."""
    draft = administration.mapping_drafts.find(request.tenant)
    in_force = _document(administration.definitions.current(request.tenant))
    return OperationResult({**in_force, "draft": None if draft is None else _draft(draft)})


def draft_mapping(administration: Administration, request: MappingDocument) -> OperationResult:
    """Store a draft of the mapping, replacing the previous draft. Raises InvalidValue."""
    return OperationResult(
        {
            "tenant": request.tenant,
            **_draft(draft_kept(administration, request.tenant, request.document, AUTHOR)),
        }
    )


def drop_mapping(administration: Administration, request: ByTenant) -> OperationResult:
    """Delete the draft of the mapping."""
    administration.mapping_drafts.remove(request.tenant)
    return OperationResult({"tenant": request.tenant, "dropped": True})


def preview_mapping(administration: Administration, request: MappingPreview) -> OperationResult:
    """Preview what a mapping, by default the draft, would change in existing resources.

    Nothing is stored. Raises NotFound where there is neither, InvalidValue, InvalidFilter.
    """
    tenant = tenant_named(administration, request.tenant)
    draft = administration.mapping_drafts.find(tenant.name)
    if request.document is not None:
        document = read(request.document)
    elif draft is not None:
        document = dict(draft.document)
    else:
        raise NotFound(_NO_DRAFT)
    author = author_of(administration, tenant.name)
    new_catalogue = catalogue_with_mapping(definition_service_of(administration), author, document)
    previews = list(
        preview_of(administration, tenant, new_catalogue, request.filter or None, request.count)
    )
    revision = draft.revision if draft is not None and request.document is None else None
    return OperationResult(
        {
            "revision": revision,
            "looked": len(previews),
            "changed": sum(bool(preview["changes"]) for preview in previews),
            "items": previews,
            "groups": groups_named(administration, tenant, new_catalogue, document),
        }
    )


def activate_mapping(administration: Administration, request: MappingActivation) -> OperationResult:
    """Activate the draft that was previewed. Raises NotFound, Conflict, InvalidValue."""
    draft = administration.mapping_drafts.find(request.tenant)
    if draft is None:
        raise NotFound(_NO_DRAFT)
    if draft.revision != request.revision:
        raise Conflict(
            f"The draft has changed to {draft.revision}, of {draft.created} by {draft.author}; preview it first."
        )
    author = author_of(administration, request.tenant)
    new_version = replace_mapping(definition_service_of(administration), author, draft.document)
    administration.mapping_drafts.remove(request.tenant)
    return OperationResult({"tenant": request.tenant, **_row(new_version)}, (_NOTE,))


def list_mappings(administration: Administration, request: ByTenant) -> OperationResult:
    """List the stored versions in which the mapping changed, newest first."""
    history = administration.definitions.history(request.tenant)
    return items_of(_row(version) for version in _with_changed_mapping(history))


def show_mapping_version(administration: Administration, request: ByVersion) -> OperationResult:
    """Show the mapping of a version. Raises NotFound."""
    return OperationResult(
        _document(edition_of(administration.definitions, request.tenant, request.version))
    )


def restore_mapping(administration: Administration, request: ByVersion) -> OperationResult:
    """Restore the mapping of a version, as a new version; the definitions do not change."""
    author = author_of(administration, request.tenant)
    version = edition_of(administration.definitions, author.tenant, request.version)
    new_version = replace_mapping(
        definition_service_of(administration), author, version.definitions.mapping
    )
    return OperationResult({"tenant": author.tenant, **_row(new_version)}, (_NOTE,))


def read(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping as it is stored. Raises InvalidValue: what, where, and what was expected."""
    ignored = {"version", "draft"}
    """Members that answers add to the mapping: dropped, so that an answer can be sent back."""
    try:
        return read_mapping(
            {name: value for name, value in document.items() if name not in ignored}
        )
    except DefinitionError as error:
        raise InvalidValue(f"{error}.") from error


def draft_kept(
    administration: Administration, tenant: str, document: Mapping[str, Any], author: str
) -> MappingDraft:
    """Store a document as a tenant's draft after checking it against the tenant's types. Raises InvalidValue."""
    mapping = read(document)
    catalogue_with_mapping(
        definition_service_of(administration), author_of(administration, tenant), mapping
    )
    draft = MappingDraft(mapping, administration.clock.now(), author)
    administration.mapping_drafts.save(tenant, draft)
    return draft


def _with_changed_mapping(history: Sequence[DefinitionVersion]) -> Iterator[DefinitionVersion]:
    for newer, older in zip_longest(history, history[1:]):
        older_mapping = {} if older is None else older.definitions.mapping
        if newer.definitions.mapping != older_mapping:
            yield newer


def _document(version: DefinitionVersion) -> dict[str, Any]:
    return {**_lists(version.definitions.mapping), "version": version.version}


def _draft(draft: MappingDraft) -> dict[str, Any]:
    attribution = {"revision": draft.revision, "created": draft.created, "author": draft.author}
    return {**_lists(draft.document), **attribution}


def _lists(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mapping.get(name, []) for name in ("attributes", "groups")}


def _row(version: DefinitionVersion) -> dict[str, Any]:
    rules_by_name = _lists(version.definitions.mapping)
    return {
        "version": version.version,
        "created": version.created,
        "author": version.author,
        **{name: len(rules) for name, rules in rules_by_name.items()},
    }
