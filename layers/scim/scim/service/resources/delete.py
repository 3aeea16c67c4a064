"""DELETE: delete a resource (RFC 7644 section 3.6)."""

from datetime import datetime, timedelta

from scim.errors import Conflict, Unavailable
from scim.resource.change import Deletion
from scim.resource.index_entries import entries_of, pointers_in
from scim.resource.record import Key, Link, Record, Stale
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete
from scim.service.attempt import Reading, attempts
from scim.service.endpoint import Endpoint
from scim.service.messages import Precondition


def delete(endpoint: Endpoint, id_: str, precondition: Precondition) -> None:
    """Delete the resource: it is invisible and its unique values are free at once.

    The resources that refer to it are deleted first or lose the reference, as their type declares.
    Raises NotFound when no such resource lives, PreconditionFailed when it is at another version
    than the client named, Conflict when a reference forbids the deletion, Unavailable while the
    references are too many for one request.
    """
    key = Key(endpoint.resource_type.name, id_)
    for _ in attempts(endpoint.clock):
        record = Reading(endpoint).one(key)
        precondition.require(record.version)
        _require_unneeded(endpoint, record)
        now = endpoint.clock.now()
        deletion = Deletion(
            before=record,
            now=now,
            entries=entries_of(endpoint.resource_type, record.body),
            relations=tuple(relation.attribute for relation in endpoint.resource_type.relations),
            must_match=precondition.asks_for_version,
            pointers=pointers_in(endpoint.resource_type.references, record.body),
            outlines=endpoint.catalogue.outlines_of(key.type),
            kept_until=_kept_until(endpoint, now),
        )
        try:
            endpoint.writes.delete(endpoint.tenant, deletion)
        except Stale:
            continue
        return
    raise Unavailable("The resource keeps changing; try again.")


def _kept_until(endpoint: Endpoint, now: str) -> int:
    """Return until when the resource can be restored, in seconds since 1970; 0 means never."""
    if not endpoint.profile.keeps_deleted:
        return 0
    end = datetime.fromisoformat(now) + timedelta(days=endpoint.bounds.deleted_days)
    return int(end.timestamp())


def _require_unneeded(endpoint: Endpoint, record: Record) -> None:
    """Raise Conflict when other resources refer to this one and forbid its deletion.

    References from a type that is no longer served also forbid it.
    """
    outline = endpoint.catalogue.outlines_of(record.key.type).get(record.key.type, Outline())
    allowed_links = {
        Link(referrer.type, referrer.attribute)
        for referrer in outline.referrers
        if referrer.on_delete is not OnDelete.REFUSE
    }
    for link, number in record.referrers.items():
        if link not in allowed_links:
            raise Conflict(
                f"{link.attribute} of {number} {link.type} resource(s) names this"
                f" {record.key.type}; change or delete these first."
            )
