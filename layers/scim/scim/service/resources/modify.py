"""PATCH: modify a resource in place (RFC 7644 section 3.5.2)."""

from collections.abc import Mapping, Sequence

from scim.errors import Unavailable
from scim.patch.apply import applied, likely_targets
from scim.patch.operation import PatchOperation, require_subset, resolved_operations
from scim.patch.request import PatchRequest
from scim.patch.rewrites.normalise import normalised
from scim.profile import Tolerance
from scim.resource.change import EdgeDelta
from scim.resource.derived_values import with_value_names
from scim.resource.domain_names import with_plain_names
from scim.resource.mapped.attributes import mapped
from scim.resource.mutability import refuse_immutable_changes
from scim.resource.projection import Projection
from scim.resource.record import Key, Record, Stale
from scim.resource.secret import without_secrets
from scim.service.attempt import Reading, attempts
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.relations.changes import stepped_delta
from scim.service.resources.commit import Revision, store_revision
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import etag_shown, view_at_once
from scim.service.visibility.references import with_unseen, without_unseen


def modify(
    endpoint: Endpoint,
    id_: str,
    patch: PatchRequest,
    precondition: Precondition,
    projection: Projection,
) -> Answer:
    """Apply all operations or none.

    The client's dialect is first rewritten to plain RFC 7644; the engine behind it is strict.
    Raises NotFound, PreconditionFailed and the errors of invalid operations.
    """
    key = Key(endpoint.resource_type.name, id_)
    resolved = resolved_operations(endpoint.resource_type, patch.operations, endpoint.profile)
    operations = resolved.operations
    if endpoint.profile.patch.is_subset:
        require_subset(operations, endpoint.profile)
    likely_keys = likely_targets(endpoint.resource_type, operations)
    for _ in attempts(endpoint.clock):
        reading = Reading(endpoint)
        reading.of([key, *likely_keys])
        record = reading.one(key)
        precondition.require(record.version)
        revision, tolerated, plain_operations = _revised(endpoint, record, operations, reading)
        try:
            after = store_revision(endpoint, revision, precondition)
        except Stale:
            continue
        projection_with_changes = projection.with_sent(after.body, record.body)
        resource = _shown(endpoint, after, projection_with_changes, revision.deltas, reading)
        return Answer(
            resource,
            etag_shown(endpoint, after, resource),
            endpoint.location_of(*key),
            tolerated | patch.tolerated | resolved.tolerated | projection.tolerated,
            ignored=resolved.ignored,
            operations=plain_operations,
        )
    raise Unavailable("The resource keeps changing; try again.")


def _revised(
    endpoint: Endpoint, record: Record, operations: Sequence[PatchOperation], reading: Reading
) -> tuple[Revision, frozenset[Tolerance], tuple[PatchOperation, ...]]:
    resource_type = endpoint.resource_type
    budget = endpoint.budget
    # Operations must neither tell of values that the client does not see nor remove them.
    (visible_record,) = without_unseen(endpoint, [record])
    visible_body = visible_record.body
    body_with_id = {"id": record.key.id, **dict(visible_body.items())}
    normal = normalised(resource_type, body_with_id, operations, endpoint.profile, budget)
    patched = applied(resource_type, visible_body, normal.operations, endpoint.profile, budget)
    tolerated = normal.tolerated | patched.tolerated
    deltas: list[EdgeDelta] = []
    must_match = False
    for relation in resource_type.relations:
        steps = [step for step in patched.steps if step.attribute == relation.attribute]
        if steps:
            relation_change = stepped_delta(endpoint, record, relation, steps, reading)
            deltas.append(relation_change.delta)
            tolerated |= relation_change.tolerated
            must_match |= relation_change.is_of_whole
    patched_body: Mapping[str, object] = patched.body
    if visible_record is not record:
        patched_body = with_unseen(endpoint, record, visible_record, patched.body)
        refuse_immutable_changes(resource_type, record.body, patched_body)
    body = _body_to_store(endpoint, record, _mapped(endpoint, record, patched_body))
    revision = Revision(record, body, tuple(deltas), must_match=must_match)
    return revision, tolerated, normal.operations


def _mapped(endpoint: Endpoint, record: Record, body: Mapping[str, object]) -> Mapping[str, object]:
    mapping = endpoint.mapping
    return body if mapping is None else mapped(mapping, body, record.body)


def _body_to_store(
    endpoint: Endpoint, record: Record, body: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the body to store, without secrets; the stored body itself when nothing changed."""
    if body == record.body:
        return record.body
    resource_type = endpoint.resource_type
    endpoint.budget.require_few_values(resource_type, body, record.body)
    body_with_plain_names = with_plain_names(resource_type, dict(body), endpoint.profile.domains)
    return with_value_names(
        resource_type, without_secrets(resource_type, body_with_plain_names), endpoint.ids.new
    )


def _shown(
    endpoint: Endpoint,
    record: Record,
    projection: Projection,
    deltas: Sequence[EdgeDelta],
    reading: Reading,
) -> Mapping[str, object] | None:
    """Return the resource; None if it was deleted since, or has too many relation values to show unasked."""
    spliced = None if record.counts else spliced_alone(endpoint, record, projection)
    if spliced is not None:
        return spliced
    has_many = any(
        projection.wants(relation.attribute)
        and record.counts.get(relation.attribute, 0) > endpoint.bounds.patch_answer_members
        for relation in endpoint.resource_type.relations
    )
    if has_many and projection.only is None and not endpoint.profile.patch.always_shows:
        return None
    targets = reading.of(edge.target for delta in deltas for edge in delta.added)
    return view_at_once(endpoint, record, projection, deltas, targets)
