"""Mapping: a tenant's mapping is drafted, previewed on real resources, activated and restored."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from scim.errors import Conflict, InvalidValue, NotFound
from scim.schema.mapping_document import read_mapping
from scim.schema.mapping_draft import MappingDraft
from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import DefinitionVersion
from scim.service.administration.definitions import author_of, definition_service_of
from scim.service.administration.mapping_preview import groups_named, previewed
from scim.service.administration.ports import Administration, Done, items_of
from scim.service.administration.requests import (
    ByTenant,
    ByVersion,
    MappedByTenant,
    MappingActivated,
    MappingPreviewed,
)
from scim.service.administration.tenant_lookups import tenant_named
from scim.service.definitions import edition_of, mapped, mapping_checked

AUTHOR = "operator"
_NOTE = "Takes effect within a minute for tokens in use; attributes are mapped when a resource is next written."
_NO_DRAFT = "There is no draft of a mapping."


def shown(administration: Administration, asked: ByTenant) -> Done:
    """Show the mapping in force, and the draft if there is one."""
    name = tenant_named(administration, asked.tenant).name
    draft = administration.mapping_drafts.find(name)
    in_force = _document(administration.definitions.current(name))
    return Done({**in_force, "draft": None if draft is None else _draft(draft)})


def drafted(administration: Administration, asked: MappedByTenant) -> Done:
    """Store a draft of the mapping, replacing the previous draft. Raises InvalidValue."""
    name = tenant_named(administration, asked.tenant).name
    return Done(
        {"tenant": name, **_draft(draft_kept(administration, name, asked.document, AUTHOR))}
    )


def dropped(administration: Administration, asked: ByTenant) -> Done:
    """Delete the draft of the mapping."""
    name = tenant_named(administration, asked.tenant).name
    administration.mapping_drafts.remove(name)
    return Done({"tenant": name, "dropped": True})


def preview(administration: Administration, asked: MappingPreviewed) -> Done:
    """Preview what a mapping, by default the draft, would change in existing resources.

    Nothing is stored. Raises NotFound where there is neither, InvalidValue, InvalidFilter.
    """
    tenant = tenant_named(administration, asked.tenant)
    draft = administration.mapping_drafts.find(tenant.name)
    if asked.document is not None:
        document = read(asked.document)
    elif draft is not None:
        document = dict(draft.document)
    else:
        raise NotFound(_NO_DRAFT)
    author = author_of(administration, tenant.name)
    new = mapping_checked(definition_service_of(administration), author, document)
    found = list(previewed(administration, tenant, new, asked.filter or None, asked.count))
    revision = draft.revision if draft is not None and asked.document is None else None
    return Done(
        {
            "revision": revision,
            "looked": len(found),
            "changed": sum(bool(each["changes"]) for each in found),
            "items": found,
            "groups": groups_named(administration, tenant, new, document),
        }
    )


def activated(administration: Administration, asked: MappingActivated) -> Done:
    """Activate the draft that was previewed. Raises NotFound, Conflict, InvalidValue."""
    name = tenant_named(administration, asked.tenant).name
    draft = administration.mapping_drafts.find(name)
    if draft is None:
        raise NotFound(_NO_DRAFT)
    if draft.revision != asked.revision:
        raise Conflict(
            f"The draft has changed to {draft.revision}, of {draft.created} by {draft.author}; preview it first."
        )
    author = author_of(administration, name)
    made = mapped(definition_service_of(administration), author, draft.document)
    administration.mapping_drafts.remove(name)
    return Done({"tenant": name, **_row(made)}, (_NOTE,))


def versions(administration: Administration, asked: ByTenant) -> Done:
    """List the stored versions in which the mapping changed, newest first."""
    name = tenant_named(administration, asked.tenant).name
    history = administration.definitions.history(name)
    return items_of(_row(each) for each in _changed(history))


def version(administration: Administration, asked: ByVersion) -> Done:
    """Show the mapping of a version. Raises NotFound."""
    name = tenant_named(administration, asked.tenant).name
    return Done(_document(edition_of(administration.definitions, name, asked.version)))


def restored(administration: Administration, asked: ByVersion) -> Done:
    """Restore the mapping of a version, as a new version; the definitions do not change."""
    author = author_of(administration, asked.tenant)
    found = edition_of(administration.definitions, author.tenant, asked.version)
    made = mapped(definition_service_of(administration), author, found.definitions.mapping)
    return Done({"tenant": author.tenant, **_row(made)}, (_NOTE,))


def read(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping as it is stored. Raises InvalidValue: what, where, and what was expected."""
    about = {"version", "draft"}
    """Members that answers add to the mapping: dropped, so that an answer can be sent back."""
    try:
        return read_mapping({name: each for name, each in document.items() if name not in about})
    except DefinitionError as error:
        raise InvalidValue(f"{error}.") from error


def draft_kept(
    administration: Administration, tenant: str, document: Mapping[str, Any], author: str
) -> MappingDraft:
    """Store a document as a tenant's draft after checking it against the tenant's types. Raises InvalidValue."""
    mapping = read(document)
    mapping_checked(
        definition_service_of(administration), author_of(administration, tenant), mapping
    )
    draft = MappingDraft(mapping, administration.clock.now(), author)
    administration.mapping_drafts.save(tenant, draft)
    return draft


def _changed(history: Sequence[DefinitionVersion]) -> Iterator[DefinitionVersion]:
    for young, old in zip_longest(history, history[1:]):
        before = {} if old is None else old.definitions.mapping
        if young.definitions.mapping != before:
            yield young


def _document(found: DefinitionVersion) -> dict[str, Any]:
    return {**_lists(found.definitions.mapping), "version": found.version}


def _draft(draft: MappingDraft) -> dict[str, Any]:
    about = {"revision": draft.revision, "created": draft.created, "author": draft.author}
    return {**_lists(draft.document), **about}


def _lists(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mapping.get(name, []) for name in ("attributes", "groups")}


def _row(found: DefinitionVersion) -> dict[str, Any]:
    held = _lists(found.definitions.mapping)
    return {
        "version": found.version,
        "created": found.created,
        "author": found.author,
        **{name: len(rules) for name, rules in held.items()},
    }
