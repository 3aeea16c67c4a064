"""DELETE: the end of a resource (RFC 7644 section 3.6)."""

from scim.errors import Unavailable
from scim.resource.change import Deletion
from scim.resource.entries import entries_of
from scim.resource.record import Key, Stale
from scim.service.attempts import attempts
from scim.service.endpoint import Endpoint
from scim.service.precondition import Precondition
from scim.service.reading import Reading


def delete(endpoint: Endpoint, id_: str, precondition: Precondition) -> None:
    """End the resource; it is invisible and its unique values are free at once.

    Raises NotFound when no such resource lives, PreconditionFailed when it is at another
    version than the client named.
    """
    key = Key(endpoint.resource_type.name, id_)
    for _ in attempts():
        record = Reading(endpoint).one(key)
        precondition.require(record.version)
        deletion = Deletion(
            before=record,
            now=endpoint.clock.now(),
            entries=entries_of(endpoint.resource_type, record.body),
            relations=tuple(relation.attribute for relation in endpoint.resource_type.relations),
            must_match=precondition.asks_for_version,
        )
        try:
            endpoint.directory.delete(endpoint.tenant, deletion)
        except Stale:
            continue
        return
    raise Unavailable("The resource keeps changing; try again.")
