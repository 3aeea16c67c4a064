"""What a request makes of one relation, against what the relation holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scim.filter.binding.domain import within_values
from scim.filter.binding.predicate import element_predicate
from scim.patch.steps import RelationStep, RemoveMatching, folded_steps
from scim.profile import Tolerance
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Record
from scim.schema.resource_type import Relation
from scim.service.attempt import Reading
from scim.service.edges import all_edges, edge_values
from scim.service.endpoint import Endpoint
from scim.service.relations.targets import Sent, delta_of, resolved, sent_by_id


@dataclass(frozen=True, slots=True)
class RelationChange:
    """The edges that come and go, and the tolerances it took to find them."""

    delta: EdgeDelta
    fired: frozenset[Tolerance] = frozenset()


def replaced_delta(
    endpoint: Endpoint, record: Record, relation: Relation, sent: Sent, reading: Reading
) -> RelationChange:
    """Return the difference between what the relation holds and what it shall hold."""
    present = {edge.target.id: edge.target for edge in _present(endpoint, record, relation)}
    new = {id_: value for id_, value in sent.items() if id_ not in present}
    found = resolved(endpoint, relation, new, reading)
    added = delta_of(record, relation, new, found.targets, ()).added
    gone = tuple(key for id_, key in present.items() if id_ not in sent)
    return RelationChange(EdgeDelta(relation.attribute, added, gone), found.fired)


def stepped_delta(
    endpoint: Endpoint,
    record: Record,
    relation: Relation,
    steps: Iterable[RelationStep],
    reading: Reading,
) -> RelationChange:
    """Return the net effect of PATCH steps on one relation.

    Values are added and removed without looking at the others; only replacing, emptying
    or filtering by something else than `value` reads what the relation holds.
    """
    ordered = tuple(steps)
    if any(isinstance(step, RemoveMatching) for step in ordered):
        wanted = _stepped(endpoint, record, relation, ordered)
        return replaced_delta(endpoint, record, relation, wanted, reading)
    intent = folded_steps(relation.attribute, ordered)
    added = sent_by_id(endpoint, relation, intent.added.values())
    if intent.starts_empty:
        return replaced_delta(endpoint, record, relation, added, reading)
    return _incremental(endpoint, record, relation, added, intent.removed, reading)


def _incremental(
    endpoint: Endpoint,
    record: Record,
    relation: Relation,
    added: Sent,
    removed: frozenset[str],
    reading: Reading,
) -> RelationChange:
    found = resolved(endpoint, relation, added, reading)
    removable: dict[str, Record] = {}
    for type_name in relation.targets:
        asked = [Key(type_name, id_) for id_ in removed if id_ not in removable]
        removable.update({key.id: target for key, target in reading.of(asked).items()})
    delta = delta_of(record, relation, added, found.targets, removable.values())
    return RelationChange(delta, found.fired)


def _stepped(
    endpoint: Endpoint, record: Record, relation: Relation, steps: Iterable[RelationStep]
) -> Sent:
    """Play the steps through on what the relation holds, one after the other."""
    # A filter means the values as they are shown, names that were looked up included.
    held: dict[str, Mapping[str, object]] = {
        str(value["value"]): value
        for value in edge_values(endpoint, _present(endpoint, record, relation))
    }
    attribute = endpoint.resource_type.attribute(relation.attribute)
    for step in steps:
        if attribute is not None and isinstance(step, RemoveMatching):
            wanted = within_values(
                endpoint.resource_type, relation.attribute, step.filter, endpoint.profile.domains
            )
            matches = element_predicate(attribute, wanted, endpoint.profile)
            held = {id_: value for id_, value in held.items() if not matches(value)}
        else:
            intent = folded_steps(relation.attribute, (step,))
            left = {} if intent.starts_empty else held
            held = {id_: v for id_, v in left.items() if id_ not in intent.removed} | dict(
                intent.added
            )
    return sent_by_id(endpoint, relation, held.values())


def _present(endpoint: Endpoint, record: Record, relation: Relation) -> list[Edge]:
    if not record.counts.get(relation.attribute, 0):
        return []
    return list(all_edges(endpoint, record.key, relation.attribute))
