"""PUT: replace the content of a resource (RFC 7644 section 3.5.1)."""

from collections.abc import Mapping, Sequence
from typing import Final

from scim.errors import Unavailable
from scim.immutable import immutable, renewed
from scim.profile import Tolerance
from scim.resource.body import AttributeKey
from scim.resource.change import EdgeDelta
from scim.resource.derived_values import with_defaults, with_value_names
from scim.resource.history.origin import Action
from scim.resource.intake import Intake, intake_of
from scim.resource.mapped.attributes import mapped
from scim.resource.projection import Projection
from scim.resource.record import Key, Record, Stale
from scim.resource.relations import separated
from scim.resource.replacement import (
    Mentions,
    asserted_in,
    mentions_in,
    merged,
    replaced,
    unshown_attributes,
)
from scim.resource.required import require_as_complete, require_complete
from scim.resource.secret import without_secrets
from scim.schema.resource_type import Relation
from scim.service.attempt import Reading, attempts
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.relations.changes import Sent, replaced_delta, sent_by_id, usual_keys
from scim.service.relations.values import is_described, metadata_ref, withheld
from scim.service.resources.commit import Revision, store_revision
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import etag_shown, view_after
from scim.service.visibility.references import with_unseen, without_unseen

READ_AHEAD: Final = 8
"""Up to this many targets, all of them are read together with the resource, which saves a round trip when
some are new. Of a longer list most are values already; the new ones are read once they are known."""


@immutable
class _Put:
    """What the client sent, the same for every attempt to store it.

    `mentions` are the attributes that the body mentions if PUT merges, else None. `values` are those of
    each of the `relations` to replace; `asserted` are the attributes to which the body gives a value.
    """

    body: Mapping[str, object]
    intake: Intake
    mentions: Mentions | None
    relations: Sequence[Relation]
    values: Mapping[str, Sent]
    asserted: frozenset[AttributeKey]


def replace(
    endpoint: Endpoint,
    id_: str,
    body: Mapping[str, object],
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    """Replace what the client may write; omitted attributes are cleared, or kept if PUT merges.

    An omitted relation, and an omitted attribute that GET does not show by default, is also kept when the
    client may not have been shown its values.

    The id in the URL names the resource; the one in the body is readOnly, so it is ignored
    (RFC 7644 section 3.5.1), and any resource that it names is not changed. Raises
    NotFound, PreconditionFailed, Mutability, InvalidValue, Uniqueness, and Unavailable when others keep
    changing the resource or the response is due.
    """
    key = Key(endpoint.resource_type.name, id_)
    put = _put_of(endpoint, body)
    projection = projection.with_sent(put.intake.body)
    targets = [
        target
        for relation in put.relations
        for target in usual_keys(relation, put.values[relation.attribute])
    ]
    targets_read_ahead = targets if len(targets) <= READ_AHEAD else []
    for _ in attempts(endpoint.clock):
        reading = Reading(endpoint)
        reading.of([key, *targets_read_ahead])
        record = reading.one(key)
        precondition.require(record.version)
        new_body = _stored(endpoint, record, put)
        deltas, tolerated = _deltas(endpoint, record, put, reading)
        try:
            after = store_revision(
                endpoint,
                Revision(record, new_body, deltas, Action.PUT, must_match=bool(deltas)),
                precondition,
            )
        except Stale:
            endpoint.budget.require_time()
            continue
        resource: Mapping[str, object] | None = spliced_alone(endpoint, after, projection)
        if resource is None:
            resource = view_after(endpoint, after, projection)
        location = endpoint.location_of(*key)
        etag = etag_shown(endpoint, after, resource)
        tolerated |= put.intake.tolerated | projection.tolerated
        return Answer(resource, etag, location, tolerated)
    raise Unavailable("The resource keeps changing; try again.")


def _put_of(endpoint: Endpoint, body: Mapping[str, object]) -> _Put:
    """Return what the body says. Raises InvalidSyntax and InvalidValue when it does not fit the schema."""
    resource_type = endpoint.resource_type
    intake = intake_of(resource_type, body, endpoint.profile)
    mentions = mentions_in(resource_type, body) if endpoint.profile.put.mode == "merge" else None
    if mentions is None:
        intake = _mapped(endpoint, intake)
    sent_values = separated(resource_type, intake.body).relations
    relations = [
        relation
        for relation in resource_type.relations
        if mentions is None or (None, relation.attribute) in mentions
    ]
    values = {
        relation.attribute: sent_by_id(endpoint, relation, sent_values.get(relation.attribute, ()))
        for relation in relations
    }
    needs_asserted = bool(relations or unshown_attributes(resource_type))
    asserted = asserted_in(resource_type, body) if needs_asserted else frozenset()
    return _Put(body, intake, mentions, relations, values, asserted)


def _mapped(
    endpoint: Endpoint, intake: Intake, before: Mapping[str, object] | None = None
) -> Intake:
    """Return the intake after the tenant's mapping. Raises InvalidValue unless all that is required is there."""
    if endpoint.mapping is not None:
        intake = renewed(intake, body=mapped(endpoint.mapping, intake.body, before))
    require_complete(endpoint.resource_type, intake.body)
    return intake


def _stored(endpoint: Endpoint, record: Record, put: _Put) -> Mapping[str, object]:
    """Return the body to store in place of the record's. Raises Mutability and InvalidValue."""
    resource_type, before, intake = endpoint.resource_type, record.body, put.intake
    if put.mentions is not None:
        intake = _mapped(endpoint, merged(resource_type, before, intake, put.mentions), before)
    # If PUT merges, what the client did not mention has been kept, and null clears an attribute.
    sent_attributes = put.asserted if put.mentions is None else put.mentions.keys()
    body = replaced(resource_type, before, intake, endpoint.profile.put, sent_attributes)
    if body != intake.body:
        # A value that stays can be the source or the target of a rule, and can bring back an extension or an
        # attribute that the client left out.
        if endpoint.mapping is not None:
            body = mapped(endpoint.mapping, body, before)
        require_as_complete(resource_type, before, body)
    scalars = separated(resource_type, with_defaults(resource_type, body)).scalars
    body_with_names = with_value_names(
        resource_type, without_secrets(resource_type, scalars), endpoint.ids.new
    )
    (visible_record,) = without_unseen(endpoint, [record])
    body_to_store = with_unseen(endpoint, record, visible_record, body_with_names)
    endpoint.budget.require_few_values(resource_type, body_to_store, before)
    return body_to_store


def _deltas(
    endpoint: Endpoint, record: Record, put: _Put, reading: Reading
) -> tuple[tuple[EdgeDelta, ...], frozenset[Tolerance]]:
    if not put.relations:
        return (), frozenset()
    deltas: list[EdgeDelta] = []
    tolerated: frozenset[Tolerance] = frozenset()
    kept_relations = _untouched(endpoint, record, put)
    for relation in put.relations:
        if relation.attribute not in kept_relations:
            values = put.values[relation.attribute]
            relation_change = replaced_delta(endpoint, record, relation, values, reading)
            deltas.append(relation_change.delta)
            tolerated |= relation_change.tolerated
    return tuple(deltas), tolerated


def _untouched(endpoint: Endpoint, record: Record, put: _Put) -> frozenset[str]:
    """Return the relations that a body without them does not clear: the client may not know their values.

    This holds for relations that a GET does not show by default, and for any relation if no metadata can say
    that a page had no room for the values.
    """
    filled_relations = [
        relation
        for relation in put.relations
        if (None, relation.attribute) not in put.asserted
        and record.counts.get(relation.attribute, 0)
    ]
    if not filled_relations:
        return frozenset()
    unshown = unshown_attributes(endpoint.resource_type)
    withheld_relations = withheld(endpoint, record)
    return frozenset(
        relation.attribute
        for relation in filled_relations
        if (None, relation.attribute) in unshown
        or relation.attribute in withheld_relations
        or (ref := metadata_ref(endpoint, relation)) is None
        or is_described(ref, put.body)
    )
