"""POST: a new resource (RFC 7644 section 3.3)."""

from collections.abc import Mapping

from scim.errors import Unavailable
from scim.profile import Tolerance
from scim.resource.change import Creation, EdgeDelta
from scim.resource.entries import entries_of
from scim.resource.intake import taken_in
from scim.resource.projection import Projection
from scim.resource.record import Key, Record, Stale
from scim.resource.relations import separated
from scim.resource.required import require
from scim.resource.secret import parted
from scim.resource.version import etag_of
from scim.service.answer import Answer
from scim.service.attempts import attempts
from scim.service.endpoint import Endpoint
from scim.service.nesting import guards_of_new
from scim.service.reading import Reading
from scim.service.targets import Values, edges_of, resolved, sent_by_id
from scim.service.view import full_views


def create(endpoint: Endpoint, body: Mapping[str, object], projection: Projection) -> Answer:
    """Store a new resource under a fresh id.

    Raises InvalidSyntax and InvalidValue for what does not fit the schema, Uniqueness when
    a unique value is taken, Unavailable when targets keep vanishing.
    """
    taken = taken_in(endpoint.resource_type, body, endpoint.profile)
    require(endpoint.resource_type, taken.body)
    apart = separated(endpoint.resource_type, taken.body)
    kept = parted(endpoint.resource_type, apart.scalars).body
    entries = entries_of(endpoint.resource_type, kept)
    key = Key(endpoint.resource_type.name, endpoint.ids.new())
    for _ in attempts():
        deltas, fired = _edges(endpoint, apart.relations)
        guards = guards_of_new(endpoint, deltas)
        creation = Creation(key, kept, entries, endpoint.clock.now(), deltas, guards)
        try:
            endpoint.directory.create(endpoint.tenant, creation)
        except Stale:
            continue
        record = Record(
            key=key,
            version=1,
            created=creation.now,
            last_modified=creation.now,
            body=kept,
            counts={delta.attribute: len(delta.added) for delta in deltas},
        )
        shown = full_views(endpoint, [record], projection)[0]
        location = endpoint.location_of(*key)
        return Answer(shown, etag_of(record.version), location, taken.fired | fired)
    raise Unavailable("The resources referred to keep changing; try again.")


def _edges(
    endpoint: Endpoint, values: Mapping[str, Values]
) -> tuple[tuple[EdgeDelta, ...], frozenset[Tolerance]]:
    deltas: list[EdgeDelta] = []
    fired: frozenset[Tolerance] = frozenset()
    for relation in endpoint.resource_type.relations:
        sent = sent_by_id(endpoint, relation, values.get(relation.attribute, ()))
        if sent:
            found = resolved(endpoint, relation, sent, Reading(endpoint))
            fired |= found.fired
            deltas.append(EdgeDelta(relation.attribute, edges_of(sent, found.targets)))
    return tuple(deltas), fired
