"""Resources of one type inside each other: that no cycle arises, and none lies too deep."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from scim.errors import InvalidValue
from scim.resource.change import EdgeDelta, Guard
from scim.resource.record import Key, Link, Record, Stale
from scim.service.endpoint import Endpoint
from scim.service.relations.back_links import Ancestry, ancestry
from scim.service.relations.depth import refuse_depth
from scim.service.visibility.restrict import unrestricted


def guards_of_new(endpoint: Endpoint, deltas: Sequence[EdgeDelta]) -> tuple[Guard, ...]:
    """Return the guards that a new resource's values of its own type need.

    Nothing lies above what does not exist yet, so that only how deep its values go is looked at.
    Raises InvalidValue where that is too deep.
    """
    guards: list[Guard] = []
    for delta in deltas:
        if nested := _nested(endpoint, delta):
            with _guarded(endpoint, delta.attribute) as guard:
                refuse_depth(endpoint, delta.attribute, nested, 0)
            guards.append(guard)
    return tuple(guards)


def guards_of(endpoint: Endpoint, key: Key, deltas: Sequence[EdgeDelta]) -> tuple[Guard, ...]:
    """Return the guards that new values of the resource's own type need, having looked up from it.

    Costs nothing where no such value is added. Raises InvalidValue when one of them lies above
    the resource, or all of them together would lie too deep in each other; Stale when the resource is gone.
    """
    guards: list[Guard] = []
    for delta in deltas:
        nested = _nested(endpoint, delta)
        if nested:
            with _guarded(endpoint, delta.attribute) as guard:
                above = _refuse_cycles(endpoint, key, delta.attribute, nested)
                levels_above = above.levels(endpoint.bounds.nesting)
                refuse_depth(endpoint, delta.attribute, nested, levels_above)
            guards.append(guard)
    return tuple(guards)


def guards_above(
    endpoint: Endpoint, deltas: Sequence[EdgeDelta], parents: Sequence[tuple[Link, Record]]
) -> tuple[Guard, ...]:
    """Return the guards for a resource that is put between others of its type: parents, and values.

    Raises InvalidValue when one of the values is a parent or lies above one, or when all together
    would lie too deep in each other.
    """
    guards: list[Guard] = []
    read = unrestricted(endpoint.directory).read_latest
    for attribute in sorted(
        {link.attribute for link, _ in parents} | {d.attribute for d in deltas}
    ):
        nested = [key for d in deltas if d.attribute == attribute for key in _nested(endpoint, d)]
        keys = [record.key for link, record in parents if link.attribute == attribute]
        with _guarded(endpoint, attribute) as guard:
            records = [*read(endpoint.tenant, keys).values()] if keys else []
            above = ancestry(endpoint, records, Link(endpoint.resource_type.name, attribute), read)
            if looped := sorted({*above.known, *keys} & {*nested}):
                target = looped[0]
                raise InvalidValue(
                    f"{attribute} must not contain {target.type} {target.id}: by now it contains"
                    f" what this {target.type} was in, which would contain itself."
                )
            levels_above = bool(records) + above.levels(endpoint.bounds.nesting)
            refuse_depth(endpoint, attribute, nested, levels_above)
        guards.append(guard)
    return tuple(guards)


@contextmanager
def _guarded(endpoint: Endpoint, attribute: str) -> Iterator[Guard]:
    """Give the guard of a relation first: what is read after it is no older than the state it tells.

    Where somebody has put a value into another meanwhile, levels that were read one after the other may
    never have been so together: then Stale is raised for what was refused.
    """
    guard = Guard(attribute, _state(endpoint, attribute))
    try:
        yield guard
    except InvalidValue as error:
        if _state(endpoint, attribute) != guard.state:
            raise Stale from error
        raise


def _nested(endpoint: Endpoint, delta: EdgeDelta) -> list[Key]:
    own = endpoint.resource_type.name
    return [edge.target for edge in delta.added if edge.target.type == own]


def _state(endpoint: Endpoint, attribute: str) -> int:
    now = endpoint.clock.now()
    name = endpoint.resource_type.name
    return endpoint.directory.nesting(endpoint.tenant, name, attribute, now)


def _refuse_cycles(endpoint: Endpoint, key: Key, attribute: str, nested: Sequence[Key]) -> Ancestry:
    # A way up through what the caller does not see is a way all the same.
    read = unrestricted(endpoint.directory).read_latest
    record: Record | None = read(endpoint.tenant, [key]).get(key)
    if record is None:
        raise Stale
    link = Link(key.type, attribute)
    above = ancestry(endpoint, [record], link, read)
    for target in nested:
        if target in above.known:
            raise InvalidValue(
                f"{attribute} must not contain {target.type} {target.id}: this {key.type} is"
                f" already inside it, directly or through others, and would contain itself."
            )
    return above
