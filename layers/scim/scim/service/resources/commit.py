"""New content for a stored resource: what PUT and PATCH have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scim.resource.change import EdgeDelta, Update
from scim.resource.history.origin import Action
from scim.resource.index_entries import entries_of, pointers_in
from scim.resource.record import Record
from scim.service.attempt import Reading
from scim.service.endpoint import Endpoint
from scim.service.messages import Precondition
from scim.service.relations.nesting import guards_of
from scim.service.relations.references import aimed


@dataclass(frozen=True, slots=True)
class Revision:
    """What a resource shall become: its new body, what changes in its relations, by which method."""

    before: Record
    body: Mapping[str, object]
    deltas: tuple[EdgeDelta, ...]
    action: Action = Action.PATCH

    @property
    def changes_body(self) -> bool:
        return dict(self.body) != dict(self.before.body)

    @property
    def changes_edges(self) -> bool:
        return any(delta.added or delta.removed for delta in self.deltas)


def committed(endpoint: Endpoint, revision: Revision, precondition: Precondition) -> Record:
    """Store the revision and return the record as it now is.

    Where nothing changes nothing is written: version and lastModified stay
    (RFC 7644 section 3.5.2.1). Raises InvalidValue for a resource that would contain itself or
    refer to what does not exist, Stale when the decision must be made anew.
    """
    before, resource_type = revision.before, endpoint.resource_type
    if revision.changes_body:
        body = aimed(endpoint, revision.body, before, Reading(endpoint))
        revision = replace(revision, body=body)
    if not revision.changes_body and not revision.changes_edges:
        return before
    update = Update(
        before=before,
        now=endpoint.clock.now(),
        edges=tuple(delta for delta in revision.deltas if delta.added or delta.removed),
        must_match=precondition.asks_for_version,
        action=revision.action,
    )
    if revision.changes_body:
        update = replace(
            update,
            body=revision.body,
            entries_before=entries_of(resource_type, before.body),
            entries_after=entries_of(resource_type, revision.body),
            pointers_before=pointers_in(resource_type.references, before.body),
            pointers_after=pointers_in(resource_type.references, revision.body),
        )
    guards = guards_of(endpoint, before.key, update.edges)
    version = endpoint.writes.update(endpoint.tenant, replace(update, guards=guards))
    counts = dict(before.counts)
    for delta in update.edges:
        grown = len(delta.added) - len(delta.removed)
        counts[delta.attribute] = counts.get(delta.attribute, 0) + grown
    return replace(
        before, version=version, last_modified=update.now, body=revision.body, counts=counts
    )
