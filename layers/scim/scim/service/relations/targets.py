"""Which resources the values of a relation mean, and which of them are news."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scim.errors import InvalidValue, PayloadTooLarge, UnknownTarget
from scim.profile import Tolerance
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Link, Record
from scim.resource.relations import Related, related
from scim.schema.resource_type import Relation
from scim.service.attempt import Reading
from scim.service.endpoint import Endpoint

_NAME = "display"

Values = Iterable[Mapping[str, object]]
"""Values of a relation as they stand in a resource."""

Sent = Mapping[str, Related]
"""Values of a relation by target id, with what the client sent beside the id."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The targets that live, by id, and the tolerances it took."""

    targets: Mapping[str, Record]
    fired: frozenset[Tolerance]


def sent_by_id(endpoint: Endpoint, relation: Relation, values: Values) -> dict[str, Related]:
    """Return the values of a relation by their target id.

    Raises InvalidValue for a value without an id or with a type the relation does not take.
    """
    found = related(relation, _plainly_named(endpoint, relation, values), endpoint.catalogue)
    return {each.id: each for each in found}


def _plainly_named(endpoint: Endpoint, relation: Relation, values: Values) -> Values:
    """Return the values with their names as resources are called, where these say a domain."""
    domains = endpoint.profile.domains
    names = domains.names.get(endpoint.resource_type.name, ())
    if f"{relation.attribute}.{_NAME}" not in names:
        return values
    return [
        {**each, _NAME: domains.plain(name)} if isinstance(name := each.get(_NAME), str) else each
        for each in values
    ]


def usual_keys(relation: Relation, sent: Sent) -> list[Key]:
    """Return the keys worth reading first: the type the client named, else the usual one."""
    return [_candidates(relation, value)[0] for value in sent.values()]


def resolved(endpoint: Endpoint, relation: Relation, sent: Sent, reading: Reading) -> Resolved:
    """Find the live resource behind every value, whichever target type it has.

    Raises InvalidValue naming the relation when one is missing and that is not tolerated,
    PayloadTooLarge when there are more values than one request may have.
    """
    if len(sent) > endpoint.bounds.members:
        raise PayloadTooLarge(
            f"{relation.attribute} has {len(sent)} values in one request;"
            f" at most {endpoint.bounds.members} are taken."
        )
    candidates = {id_: _candidates(relation, value) for id_, value in sent.items()}
    targets: dict[str, Record] = {}
    for turn in range(len(relation.targets)):
        asked = [keys[turn] for id_, keys in candidates.items() if id_ not in targets]
        targets.update({key.id: record for key, record in reading.of(asked).items()})
    missing = len(sent) - len(targets)
    if not missing:
        return Resolved(targets, frozenset())
    if endpoint.profile.tolerates(Tolerance.UNKNOWN_TARGETS):
        return Resolved(targets, frozenset({Tolerance.UNKNOWN_TARGETS}))
    expected = " or ".join(relation.targets)
    raise UnknownTarget(
        f"{relation.attribute} names {missing} resource(s) that do not exist;"
        f" expected the id of a {expected}.",
        expected,
    )


def _candidates(relation: Relation, value: Related) -> list[Key]:
    types = sorted(relation.targets, key=lambda target: target != value.type)
    return [Key(type_name, value.id) for type_name in types]


def delta_of(
    source: Record,
    relation: Relation,
    sent: Sent,
    targets: Mapping[str, Record],
    removed: Iterable[Record],
) -> EdgeDelta:
    """Return what really changes: targets not linked yet, and linked ones that go.

    Raises InvalidValue when the resource would become a value of its own relation.
    """
    link = Link(source.key.type, relation.attribute)
    if any(target.key == source.key for target in targets.values()):
        raise InvalidValue(f"{relation.attribute} must not contain the resource itself.")
    return EdgeDelta(
        relation.attribute,
        added=tuple(
            Edge(target.key, _kept(sent[id_]))
            for id_, target in targets.items()
            if source.key.id not in target.links.get(link, ())
        ),
        removed=tuple(
            target.key for target in removed if source.key.id in target.links.get(link, ())
        ),
    )


def edges_of(sent: Sent, targets: Mapping[str, Record]) -> tuple[Edge, ...]:
    """Return the edges of a resource that is being created."""
    return tuple(Edge(target.key, _kept(sent[id_])) for id_, target in targets.items())


def _kept(value: Related) -> dict[str, object]:
    display = value.sent.get("display")
    return {"display": display} if isinstance(display, str) else {}
