"""PUT: replace the content of a resource (RFC 7644 section 3.5.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace as renewed
from typing import Final

from scim.errors import Unavailable
from scim.profile import Tolerance
from scim.resource.change import EdgeDelta
from scim.resource.derived_values import identified, with_defaults
from scim.resource.history.origin import Action
from scim.resource.intake import taken_in
from scim.resource.mapped.attributes import mapped
from scim.resource.projection import Projection
from scim.resource.record import Key, Record, Stale
from scim.resource.relations import separated
from scim.resource.replacement import (
    asserted_in,
    mentions_in,
    merged,
    replaced,
)
from scim.resource.required import require
from scim.resource.secret import parted
from scim.schema.resource_type import Relation
from scim.service.attempt import Reading, attempts
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.relations.changes import Sent, replaced_delta, sent_by_id, usual_keys
from scim.service.relations.values import is_described, metadata_place, withheld
from scim.service.resources.commit import Revision, committed
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import etag_shown, full_views
from scim.service.visibility.references import with_unseen

READ_AHEAD: Final = 8
"""Up to this many targets, all of them are read together with the resource, which saves a round trip when
some are new. Of a longer list most are values already; the new ones are read once they are known."""


def replace(
    endpoint: Endpoint,
    id_: str,
    body: Mapping[str, object],
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    """Replace what the client may write; omitted attributes are cleared, or kept if PUT merges.

    An omitted relation is also kept when the client may not have been shown its values.

    The id in the URL names the resource; the one in the body is readOnly, so it is ignored
    (RFC 7644 section 3.5.1), and any resource that it names is not changed. Raises
    NotFound, PreconditionFailed, Mutability, InvalidValue, Uniqueness.
    """
    resource_type = endpoint.resource_type
    key = Key(resource_type.name, id_)
    taken = taken_in(resource_type, body, endpoint.profile)
    merges = endpoint.profile.put.mode == "merge"
    mentions = mentions_in(resource_type, body) if merges else None
    mapping = endpoint.mapping
    if mentions is None:
        if mapping is not None:
            taken = renewed(taken, body=mapped(mapping, taken.body))
        require(resource_type, taken.body)
    relations = separated(resource_type, taken.body).relations
    sent = {
        relation.attribute: sent_by_id(endpoint, relation, relations.get(relation.attribute, ()))
        for relation in resource_type.relations
        if mentions is None or (None, relation.attribute) in mentions
    }
    given = [relation for relation in resource_type.relations if relation.attribute in sent]
    asserted = asserted_in(resource_type, body) if given else frozenset()
    unsaid = [each for each in given if (None, each.attribute) not in asserted]
    likely = [k for r in given for k in usual_keys(r, sent[r.attribute])]
    ahead = likely if len(likely) <= READ_AHEAD else []
    for _ in attempts():
        reading = Reading(endpoint)
        reading.of([key, *ahead])
        record = reading.one(key)
        precondition.require(record.version)
        wanted = taken
        if mentions is not None:
            wanted = merged(resource_type, record.body, taken, mentions)
            if mapping is not None:
                wanted = renewed(wanted, body=mapped(mapping, wanted.body, record.body))
            require(resource_type, wanted.body)
        body_after = replaced(resource_type, record.body, wanted, endpoint.profile.put)
        whole = separated(resource_type, with_defaults(resource_type, body_after)).scalars
        kept = identified(resource_type, parted(resource_type, whole).body, endpoint.ids.new)
        kept = with_unseen(endpoint, record, kept)
        endpoint.budget.require_few_values(resource_type, kept, record.body)
        untouched = _untouched(endpoint, record, unsaid, body)
        told = [relation for relation in given if relation.attribute not in untouched]
        deltas, tolerated = _deltas(endpoint, record, told, sent, reading)
        try:
            after = committed(endpoint, Revision(record, kept, deltas, Action.PUT), precondition)
        except Stale:
            continue
        shown: Mapping[str, object] | None = spliced_alone(endpoint, after, projection)
        if shown is None:
            shown = full_views(endpoint, [after], projection)[0]
        location = endpoint.location_of(*key)
        etag = etag_shown(endpoint, after, shown)
        fired = taken.tolerated | tolerated | projection.tolerated
        return Answer(shown, etag, location, fired)
    raise Unavailable("The resource keeps changing; try again.")


def _untouched(
    endpoint: Endpoint,
    record: Record,
    unsaid: Iterable[Relation],
    body: Mapping[str, object],
) -> frozenset[str]:
    """Return the relations that a body without them does not clear: the client may not know their values.

    If no metadata can say that a page had no room for the values, this holds for any relation.
    """
    filled = [each for each in unsaid if record.counts.get(each.attribute, 0)]
    if not filled:
        return frozenset()
    hidden = withheld(endpoint, record)
    return frozenset(
        each.attribute
        for each in filled
        if each.attribute in hidden
        or metadata_place(endpoint, each) is None
        or is_described(endpoint, each, body)
    )


def _deltas(
    endpoint: Endpoint,
    record: Record,
    relations: Iterable[Relation],
    sent: Mapping[str, Sent],
    reading: Reading,
) -> tuple[tuple[EdgeDelta, ...], frozenset[Tolerance]]:
    deltas: list[EdgeDelta] = []
    tolerated: frozenset[Tolerance] = frozenset()
    for relation in relations:
        wanted = sent[relation.attribute]
        change = replaced_delta(endpoint, record, relation, wanted, reading)
        deltas.append(change.delta)
        tolerated |= change.tolerated
    return tuple(deltas), tolerated
