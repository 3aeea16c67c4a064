"""Storing new content for an existing resource: what PUT and PATCH have in common."""

from collections.abc import Mapping

from scim.immutable import immutable, renewed
from scim.resource.body import with_text
from scim.resource.change import EdgeDelta, Update, counts_after
from scim.resource.history.origin import Action
from scim.resource.index_entries import entries_of, keeps_entries, pointers_in
from scim.resource.record import Record
from scim.service.attempt import Reading
from scim.service.endpoint import Endpoint
from scim.service.messages import Precondition
from scim.service.relations.nesting import guards_of
from scim.service.relations.references import with_live_targets


@immutable
class Revision:
    """The intended state of a resource: its new body, the changes to its relations, and the method.

    `must_match` says that the changes fit only the version that was read
    (docs/decisions/0179-whole-relations-match.md).
    """

    before: Record
    body: Mapping[str, object]
    deltas: tuple[EdgeDelta, ...]
    action: Action = Action.PATCH
    must_match: bool = False


def store_revision(endpoint: Endpoint, revision: Revision, precondition: Precondition) -> Record:
    """Store the revision and return the record as it is now.

    If nothing changes, nothing is written: version and lastModified stay
    (RFC 7644 section 3.5.2.1). Raises InvalidValue when the resource would contain itself or
    refers to a resource that does not exist, Stale when the decision must be made again.
    """
    before, resource_type = revision.before, endpoint.resource_type
    body, body_before = revision.body, before.body
    if body is not body_before:
        body, body_before = dict(body.items()), dict(body_before.items())
        if body != body_before:
            body = dict(with_live_targets(endpoint, body, before, Reading(endpoint)))
    changes_body = body is not body_before and body != body_before
    edges = tuple([delta for delta in revision.deltas if delta.added or delta.removed])
    if not changes_body and not edges:
        return before
    text_body = with_text(body) if changes_body else None
    references = resource_type.references
    # Entries that are the same before and after are neither put nor deleted.
    changes_entries = changes_body and not keeps_entries(resource_type, body_before, body)
    update = Update(
        before=before,
        # The clock of another instance may have been ahead.
        now=max(endpoint.clock.now(), before.last_modified),
        edges=edges,
        must_match=precondition.asks_for_version or revision.must_match,
        action=revision.action,
        guards=guards_of(endpoint, before.key, edges),
        body=text_body,
        entries_before=entries_of(resource_type, body_before) if changes_entries else frozenset(),
        entries_after=entries_of(resource_type, body) if changes_entries else frozenset(),
        pointers_before=pointers_in(references, body_before) if changes_entries else frozenset(),
        pointers_after=pointers_in(references, body) if changes_entries else frozenset(),
    )
    version = endpoint.writes.update(endpoint.tenant, update)
    after = renewed(
        before,
        version=version,
        last_modified=update.now,
        body=body,
        counts=counts_after(before.counts, edges),
        text=before.text if text_body is None else text_body.text,
    )
    return as_stored(endpoint, after, before.version + 1)


def as_stored(endpoint: Endpoint, record: Record, expected_version: int) -> Record:
    """Return a record just written; read it again if its version is not the `expected_version` one.

    In that case it was written in parts, between which others may have changed its edges.
    """
    if record.version == expected_version:
        return record
    return Reading(endpoint).of([record.key]).get(record.key, record)
