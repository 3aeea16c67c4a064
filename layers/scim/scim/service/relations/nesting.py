"""Resources of one type inside each other: no way down may lead back to where it began."""

from collections.abc import Sequence

from scim.errors import InvalidValue
from scim.resource.change import EdgeDelta, Guard
from scim.resource.record import Key, Link, Record, Stale
from scim.service.endpoint import Endpoint
from scim.service.relations.ancestry import ancestry
from scim.service.visibility.restrict import whole


def guards_of_new(endpoint: Endpoint, deltas: Sequence[EdgeDelta]) -> tuple[Guard, ...]:
    """Return the guards that a new resource's values of its own type need.

    Nothing lies above what does not exist yet, so there is nothing to look for.
    """
    return tuple(
        Guard(delta.attribute, _state(endpoint, delta.attribute))
        for delta in deltas
        if _nested(endpoint, delta)
    )


def guards_of(endpoint: Endpoint, key: Key, deltas: Sequence[EdgeDelta]) -> tuple[Guard, ...]:
    """Return the guards that new values of the resource's own type need, having looked up from it.

    Costs nothing where no such value is added. Raises InvalidValue when one of them lies above
    the resource, Stale when the resource is gone.
    """
    guards: list[Guard] = []
    for delta in deltas:
        nested = _nested(endpoint, delta)
        if nested:
            # The guard first: what is read after it is no older than the state it tells.
            state = _state(endpoint, delta.attribute)
            _refuse_cycles(endpoint, key, delta.attribute, nested)
            guards.append(Guard(delta.attribute, state))
    return tuple(guards)


def _nested(endpoint: Endpoint, delta: EdgeDelta) -> list[Key]:
    own = endpoint.resource_type.name
    return [edge.target for edge in delta.added if edge.target.type == own]


def _state(endpoint: Endpoint, attribute: str) -> int:
    now = endpoint.clock.now()
    name = endpoint.resource_type.name
    return endpoint.directory.nesting(endpoint.tenant, name, attribute, now)


def _refuse_cycles(endpoint: Endpoint, key: Key, attribute: str, nested: Sequence[Key]) -> None:
    # A way up through what the caller does not see is a way all the same.
    read = whole(endpoint.directory).read_latest
    record: Record | None = read(endpoint.tenant, [key]).get(key)
    if record is None:
        raise Stale
    link = Link(key.type, attribute)
    above = ancestry(endpoint, [record], link, read).known
    for target in nested:
        if target in above:
            raise InvalidValue(
                f"{attribute} must not contain {target.type} {target.id}: this {key.type} is"
                f" already inside it, directly or through others, and would contain itself."
            )
