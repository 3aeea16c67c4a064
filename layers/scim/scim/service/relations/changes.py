"""The changes of one relation in a request, and the resources that its values name."""

from collections.abc import Iterable, Mapping, Sequence

from scim.errors import InvalidValue, PayloadTooLarge, UnknownTarget
from scim.filter.binding.names import within_values
from scim.filter.binding.predicate import element_predicate
from scim.filter.parsing.tree import Filter, comparisons_in
from scim.immutable import immutable
from scim.patch.relation import RelationStep, RemoveMatching, folded_steps
from scim.profile import Tolerance
from scim.resource.budget import values_in
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Link, Record
from scim.resource.relations import Related, related
from scim.schema.resource_type import Relation
from scim.schema.schema import Attribute
from scim.service.attempt import Reading
from scim.service.edges import all_edges, edge_values, named_view
from scim.service.endpoint import Endpoint

_NAME = "display"

Values = Iterable[Mapping[str, object]]
"""Values of a relation as in a resource."""

Sent = Mapping[str, Related]
"""Values of a relation by target id, with what the client sent beside the id."""


@immutable
class LiveTargets:
    """The live targets by id, and the tolerances used to find them."""

    targets: Mapping[str, Record]
    tolerated: frozenset[Tolerance]


def sent_by_id(endpoint: Endpoint, relation: Relation, values: Values) -> dict[str, Related]:
    """Return the values of a relation by their target id.

    Raises InvalidValue for a value without an id or with a type the relation does not accept.
    """
    related_values = related(
        relation, _with_plain_display(endpoint, relation, values), endpoint.catalogue
    )
    return {value.id: value for value in related_values}


def _with_plain_display(endpoint: Endpoint, relation: Relation, values: Values) -> Values:
    """Return the values with their `display` in the resource's own form, if names contain a domain."""
    domains = endpoint.profile.domains
    names = domains.names.get(endpoint.resource_type.name, ())
    if f"{relation.attribute}.{_NAME}" not in names:
        return values
    return [
        {**value, _NAME: domains.plain(name)}
        if isinstance(name := value.get(_NAME), str)
        else value
        for value in values
    ]


def usual_keys(relation: Relation, sent: Sent) -> list[Key]:
    """Return the keys to read first: of the type that the client named, else of the usual type."""
    return [value.candidates(relation.targets)[0] for value in sent.values()]


def resolved(endpoint: Endpoint, relation: Relation, sent: Sent, reading: Reading) -> LiveTargets:
    """Find the live resource for every value, whichever target type it has.

    Raises UnknownTarget naming the relation when one is missing and the profile does not tolerate it,
    PayloadTooLarge when there are more values than one request may have.
    """
    if len(sent) > endpoint.bounds.members:
        raise PayloadTooLarge(
            f"{relation.attribute} has {len(sent)} values in one request;"
            f" at most {endpoint.bounds.members} are taken."
        )
    candidates = {id_: value.candidates(relation.targets) for id_, value in sent.items()}
    targets: dict[str, Record] = {}
    for position in range(len(relation.targets)):
        wanted_keys = [keys[position] for id_, keys in candidates.items() if id_ not in targets]
        targets.update({key.id: record for key, record in reading.of(wanted_keys).items()})
        if len(targets) == len(sent):
            break
    missing = len(sent) - len(targets)
    if not missing:
        return LiveTargets(targets, frozenset())
    if endpoint.profile.tolerates(Tolerance.UNKNOWN_TARGETS):
        return LiveTargets(targets, frozenset({Tolerance.UNKNOWN_TARGETS}))
    expected = " or ".join(relation.targets)
    raise UnknownTarget(
        f"{relation.attribute} names {missing} resource(s) that do not exist;"
        f" expected the id of a {expected}.",
        expected,
    )


def delta_of(
    source: Record,
    relation: Relation,
    sent: Sent,
    targets: Mapping[str, Record],
    removed: Iterable[Record],
) -> EdgeDelta:
    """Return the effective changes: targets not linked yet are added, linked ones removed.

    Raises InvalidValue when the resource would become a value of its own relation, PayloadTooLarge
    when the store has no room for the link to a target.
    """
    link = Link(source.key.type, relation.attribute)
    if any(target.key == source.key for target in targets.values()):
        raise InvalidValue(f"{relation.attribute} must not contain the resource itself.")
    new_targets = {
        id_: target
        for id_, target in targets.items()
        if source.key.id not in target.links.get(link, ())
    }
    return EdgeDelta(
        relation.attribute,
        added=edges_of(relation, sent, new_targets),
        removed=tuple(
            target.key for target in removed if source.key.id in target.links.get(link, ())
        ),
    )


def edges_of(relation: Relation, sent: Sent, targets: Mapping[str, Record]) -> tuple[Edge, ...]:
    """Return the edges to targets that are not linked yet. Raises PayloadTooLarge when one has no room for the link."""
    full_id = next((id_ for id_, target in targets.items() if target.is_full), None)
    if full_id is not None:
        raise PayloadTooLarge(
            f"{relation.attribute} names {full_id}, to which so many resources are linked that the store"
            " has no room for one more."
        )
    return tuple(Edge(target.key, _stored_part(sent[id_])) for id_, target in targets.items())


def _stored_part(value: Related) -> dict[str, object]:
    """Return what is stored of a sent value: a display that names someone. `""` is none, as it is for type."""
    display = value.sent.get("display")
    return {"display": display} if isinstance(display, str) and display.strip() else {}


@immutable
class RelationChange:
    """The edges added and removed, and the tolerances used to find them.

    `is_of_whole` says that they were computed from all values of the relation, and fit only these.
    """

    delta: EdgeDelta
    tolerated: frozenset[Tolerance]
    is_of_whole: bool = False


def replaced_delta(
    endpoint: Endpoint, record: Record, relation: Relation, sent: Sent, reading: Reading
) -> RelationChange:
    """Return the difference between the present values of a relation and those sent."""
    edges = _stored_edges(endpoint, record, relation)
    return _difference(endpoint, record, relation, edges, sent, reading)


def _difference(
    endpoint: Endpoint,
    record: Record,
    relation: Relation,
    edges: Iterable[Edge],
    sent: Sent,
    reading: Reading,
) -> RelationChange:
    stored = {edge.target.id: edge.target for edge in edges}
    new_values = {id_: value for id_, value in sent.items() if id_ not in stored}
    live_targets = resolved(endpoint, relation, new_values, reading)
    added = delta_of(record, relation, new_values, live_targets.targets, ()).added
    removed = tuple(key for id_, key in stored.items() if id_ not in sent)
    delta = EdgeDelta(relation.attribute, added, removed)
    return RelationChange(delta, live_targets.tolerated, is_of_whole=True)


def stepped_delta(
    endpoint: Endpoint,
    record: Record,
    relation: Relation,
    steps: Iterable[RelationStep],
    reading: Reading,
) -> RelationChange:
    """Return the net effect of PATCH steps on one relation.

    Values are added and removed without reading the others; only replacing, emptying
    or filtering by something other than `value` reads the present values.
    """
    ordered_steps = tuple(steps)
    if any(isinstance(step, RemoveMatching) for step in ordered_steps):
        # They are read once: who is added between two reads would count as one to remove.
        edges = _stored_edges(endpoint, record, relation)
        values = _values_after(endpoint, edges, relation, ordered_steps, reading)
        return _difference(endpoint, record, relation, edges, values, reading)
    intent = folded_steps(relation.attribute, ordered_steps)
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
    live_targets = resolved(endpoint, relation, added, reading)
    removable: dict[str, Record] = {}
    for type_name in relation.targets:
        keys = [Key(type_name, id_) for id_ in removed if id_ not in removable]
        removable.update({key.id: target for key, target in reading.of(keys).items()})
    delta = delta_of(record, relation, added, live_targets.targets, removable.values())
    return RelationChange(delta, live_targets.tolerated)


def _values_after(
    endpoint: Endpoint,
    edges: Sequence[Edge],
    relation: Relation,
    steps: Iterable[RelationStep],
    reading: Reading,
) -> Sent:
    """Apply the steps to the values of the edges, one after the other."""
    # A filter tests the values as shown, including names that were looked up, also those of earlier steps.
    stored: Mapping[str, Mapping[str, object]] = {
        str(value["value"]): value for value in edge_values(endpoint, edges)
    }
    values, sent = dict(stored), dict(stored)
    attribute = endpoint.resource_type.attribute(relation.attribute)
    for step in steps:
        if attribute is not None and isinstance(step, RemoveMatching):
            values = _without_matches(endpoint, attribute, step.filter, values)
        else:
            intent = folded_steps(relation.attribute, (step,))
            before = {} if intent.starts_empty else values
            kept = {id_: value for id_, value in before.items() if id_ not in intent.removed}
            sent |= intent.added
            linked = {id_: stored[id_] for id_ in intent.added if id_ in stored}
            new = {id_: value for id_, value in intent.added.items() if id_ not in stored}
            values = kept | linked | _shown(endpoint, relation, new, reading)
    return sent_by_id(endpoint, relation, [sent[id_] for id_ in values])


def _without_matches(
    endpoint: Endpoint,
    attribute: Attribute,
    filter_: Filter,
    values: Mapping[str, Mapping[str, object]],
) -> dict[str, Mapping[str, object]]:
    endpoint.budget.compare(values_in([*values.values()]) * comparisons_in(filter_))
    domains = endpoint.profile.domains
    bound_filter = within_values(endpoint.resource_type, attribute.name, filter_, domains)
    matches = element_predicate(attribute, bound_filter, endpoint.profile)
    return {id_: value for id_, value in values.items() if not matches(value)}


def _shown(
    endpoint: Endpoint,
    relation: Relation,
    added: Mapping[str, Mapping[str, object]],
    reading: Reading,
) -> dict[str, Mapping[str, object]]:
    """Return the added values as they will be shown, with type and name; one that names no resource as it was sent."""
    values = sent_by_id(endpoint, relation, added.values())
    targets = resolved(endpoint, relation, values, reading).targets
    names = {
        target.key: name
        for target in targets.values()
        if (name := endpoint.display_of(target)) is not None
    }
    edges = [Edge(target.key, _stored_part(values[id_])) for id_, target in targets.items()]
    shown_values = {edge.target.id: named_view(endpoint, edge, names) for edge in edges}
    return {**added, **shown_values}


def _stored_edges(endpoint: Endpoint, record: Record, relation: Relation) -> list[Edge]:
    if not record.counts.get(relation.attribute, 0):
        return []
    return list(all_edges(endpoint, record.key, relation.attribute))
