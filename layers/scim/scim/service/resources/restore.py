"""Restoring a deleted resource under its id, with its memberships (docs/guards.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scim.errors import BadRequest, Conflict, InvalidValue, Unavailable
from scim.resource.change import Creation, EdgeDelta, Guard, Restoration
from scim.resource.index_entries import entries_of, pointers_in
from scim.resource.intake import intake_of
from scim.resource.projection import Projection
from scim.resource.record import Edge, Kept, Key, Link, Record, Stale
from scim.service.attempt import Reading, attempts, not_found
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, etag_of
from scim.service.relations.nesting import guards_above, guards_of_new
from scim.service.relations.references import with_live_targets
from scim.service.resources.create import create


def restore_or_create(
    endpoint: Endpoint, data: Mapping[str, object], projection: Projection
) -> tuple[int, Answer]:
    """Restore the resource whose id the data has; if no copy is kept, create one from the data."""
    id_ = data.get("id")
    key = Key(endpoint.resource_type.name, str(id_))
    now = endpoint.clock.now()
    if isinstance(id_, str) and endpoint.directory.kept(endpoint.tenant, key, now) is not None:
        return 201, restore(endpoint, id_)
    return 201, create(endpoint, data, projection)


def restore(endpoint: Endpoint, id_: str) -> Answer:
    """Make a deleted resource live again: content, id and `created` as they were.

    Its memberships and its members are restored as far as they live; of two deleted resources, the
    one restored second finds the first. Raises NotFound when no copy is kept, Uniqueness when another
    resource has its name by now, InvalidValue when it refers to a missing resource or its members are
    nested too deep, Conflict when its memberships cannot be restored or its type has been defined
    otherwise since, Unavailable when concurrent changes keep interfering.
    """
    key = Key(endpoint.resource_type.name, id_)
    for _ in attempts(endpoint.clock):
        copy = endpoint.directory.kept(endpoint.tenant, key, endpoint.clock.now())
        if copy is None:
            raise not_found(key.type)
        _require_fitting(endpoint, copy)
        reading = Reading(endpoint)
        body = with_live_targets(endpoint, copy.body, None, reading)
        deltas = _deltas(copy, reading)
        parents = _parents(copy, reading)
        try:
            creation = Creation(
                key,
                body,
                entries_of(endpoint.resource_type, body),
                # The clock of the instance that created it may have been ahead.
                max(endpoint.clock.now(), copy.created),
                deltas,
                _guards(endpoint, deltas, parents),
                pointers=pointers_in(endpoint.resource_type.references, body),
                restores=Restoration(copy.version, copy.created, _named(parents)),
            )
            endpoint.writes.create(endpoint.tenant, creation)
        except Stale:
            continue
        return Answer({"id": id_}, etag_of(copy.version + 1), endpoint.location_of(*key))
    raise Unavailable("What it belongs to keeps changing; try again.")


def _require_fitting(endpoint: Endpoint, copy: Kept) -> None:
    """Raise Conflict for a copy that does not fit the definitions in force.

    A tenant may change them in every way while no resource of the type is stored.
    """
    resource_type = endpoint.resource_type
    strict = replace(endpoint.profile, tolerances=frozenset())
    misfits = [name for name, _ in copy.nested if resource_type.relation(name) is None]
    try:
        intake_of(resource_type, {"schemas": [resource_type.schema.id], **copy.body}, strict)
    except BadRequest as error:
        misfits = [error.detail]
    if misfits:
        raise Conflict(f"Its type has been defined otherwise since it was deleted: {misfits[0]}.")


def _deltas(copy: Kept, reading: Reading) -> tuple[EdgeDelta, ...]:
    records = reading.of(edge.target for _, edge in copy.nested)
    edges_by_attribute: dict[str, list[Edge]] = {}
    for attribute, edge in copy.nested:
        if edge.target in records:
            edges_by_attribute.setdefault(attribute, []).append(edge)
    return tuple(
        EdgeDelta(name, tuple(edges)) for name, edges in sorted(edges_by_attribute.items())
    )


Parents = Sequence[tuple[Link, Record]]


def _parents(copy: Kept, reading: Reading) -> Parents:
    records = reading.of(Key(link.type, id_) for link, id_ in copy.parents)
    parents = [(link, records.get(Key(link.type, id_))) for link, id_ in copy.parents]
    return [(link, record) for link, record in parents if record is not None]


def _named(parents: Parents) -> tuple[tuple[Link, str], ...]:
    return tuple((link, record.key.id) for link, record in parents)


MOST_PARENTS = 30
"""The most resources of its own type to which one transaction can add a restored resource again."""


def _guards(
    endpoint: Endpoint, deltas: tuple[EdgeDelta, ...], parents: Parents
) -> tuple[Guard, ...]:
    """Return the guards under which the resource is put back among others of its type.

    Raises Conflict when it was in more than MOST_PARENTS, when a cycle would arise because what it
    contained now contains one of its parents, or when the nesting would be too deep.
    """
    if not parents:
        return guards_of_new(endpoint, deltas)
    if len(parents) > MOST_PARENTS:
        raise Conflict(
            f"It was in {len(parents)} others of its type; up to {MOST_PARENTS} can be restored."
        )
    try:
        return guards_above(endpoint, deltas, parents)
    except InvalidValue as error:
        raise Conflict(error.detail) from error
