"""Nesting of resources of one type: it must have no cycle and must not be too deep."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from scim.errors import InvalidValue
from scim.resource.change import EdgeDelta, Guard
from scim.resource.record import Key, Link, Record, Stale
from scim.service.endpoint import Endpoint
from scim.service.relations.back_links import Ancestry, ancestry_of
from scim.service.relations.depth import refuse_depth
from scim.service.visibility.restrict import unrestricted


def guards_of_new(endpoint: Endpoint, deltas: Sequence[EdgeDelta]) -> tuple[Guard, ...]:
    """Return the guards for a new resource's values of its own type.

    A new resource has nothing above it, so only the depth of its values is checked.
    Raises InvalidValue when they are nested too deep.
    """
    guards: list[Guard] = []
    for delta in deltas:
        if nested := _nested(endpoint, delta):
            with _guarded(endpoint, delta.attribute) as guard:
                refuse_depth(endpoint, delta.attribute, nested, 0)
            guards.append(guard)
    return tuple(guards)


def guards_of(endpoint: Endpoint, key: Key, deltas: Sequence[EdgeDelta]) -> tuple[Guard, ...]:
    """Return the guards for new values of the resource's own type, after reading its ancestors.

    Costs nothing when no such value is added. Raises InvalidValue when a value is an ancestor of
    the resource or the nesting would be too deep, Stale when the resource is gone.
    """
    guards: list[Guard] = []
    for delta in deltas:
        nested = _nested(endpoint, delta)
        if nested:
            with _guarded(endpoint, delta.attribute) as guard:
                ancestry_above = _refuse_cycles(endpoint, key, delta.attribute, nested)
                levels_above = ancestry_above.levels(endpoint.bounds.nesting)
                refuse_depth(endpoint, delta.attribute, nested, levels_above)
            guards.append(guard)
    return tuple(guards)


def guards_above(
    endpoint: Endpoint, deltas: Sequence[EdgeDelta], parents: Sequence[tuple[Link, Record]]
) -> tuple[Guard, ...]:
    """Return the guards for a resource that is put between parents and values of its own type.

    Raises InvalidValue when one of the values is a parent or an ancestor of one, or when the
    nesting would be too deep.
    """
    guards: list[Guard] = []
    read = unrestricted(endpoint.directory).read_latest
    for attribute in sorted(
        {link.attribute for link, _ in parents} | {delta.attribute for delta in deltas}
    ):
        nested = [
            key
            for delta in deltas
            if delta.attribute == attribute
            for key in _nested(endpoint, delta)
        ]
        keys = [record.key for link, record in parents if link.attribute == attribute]
        with _guarded(endpoint, attribute) as guard:
            records = [*read(endpoint.tenant, keys).values()] if keys else []
            ancestry_above = ancestry_of(
                endpoint, records, Link(endpoint.resource_type.name, attribute), read
            )
            if values_above := sorted({*ancestry_above.records, *keys} & {*nested}):
                target = values_above[0]
                raise InvalidValue(
                    f"{attribute} must not contain {target.type} {target.id}: by now it contains"
                    f" what this {target.type} was in, which would contain itself."
                )
            levels_above = bool(records) + ancestry_above.levels(endpoint.bounds.nesting)
            refuse_depth(endpoint, attribute, nested, levels_above)
        guards.append(guard)
    return tuple(guards)


@contextmanager
def _guarded(endpoint: Endpoint, attribute: str) -> Iterator[Guard]:
    """Yield the guard of a relation; what is read under it is no older than the guard's state.

    If somebody adds a nested value meanwhile, levels read one after the other may never have existed
    together: then a refusal becomes Stale.
    """
    guard = Guard(attribute, _state(endpoint, attribute))
    try:
        yield guard
    except InvalidValue as error:
        if _state(endpoint, attribute) != guard.state:
            raise Stale from error
        raise


def _nested(endpoint: Endpoint, delta: EdgeDelta) -> list[Key]:
    own_type = endpoint.resource_type.name
    return [edge.target for edge in delta.added if edge.target.type == own_type]


def _state(endpoint: Endpoint, attribute: str) -> int:
    now = endpoint.clock.now()
    name = endpoint.resource_type.name
    return endpoint.directory.nesting(endpoint.tenant, name, attribute, now)


def _refuse_cycles(endpoint: Endpoint, key: Key, attribute: str, nested: Sequence[Key]) -> Ancestry:
    # A path up through resources that the caller may not see also counts.
    read = unrestricted(endpoint.directory).read_latest
    record: Record | None = read(endpoint.tenant, [key]).get(key)
    if record is None:
        raise Stale
    link = Link(key.type, attribute)
    ancestors = ancestry_of(endpoint, [record], link, read)
    for target in nested:
        if target in ancestors.records:
            raise InvalidValue(
                f"{attribute} must not contain {target.type} {target.id}: this {key.type} is"
                f" already inside it, directly or through others, and would contain itself."
            )
    return ancestors
