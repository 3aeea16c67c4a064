"""The nesting depth of resources of one type, which is limited: reading costs one round trip a level."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from scim.errors import InvalidValue
from scim.resource.record import Key, Stale
from scim.service.edges import edges_of_each
from scim.service.endpoint import Endpoint
from scim.service.visibility.restrict import unrestricted

MOST_BELOW: Final = 1000
"""The most resources below new values that are searched; each costs a read."""


def refuse_depth(
    endpoint: Endpoint, attribute: str, nested: Sequence[Key], levels_above: int
) -> None:
    """Refuse values that would nest resources deeper than the deployment allows.

    `levels_above` is the number of levels above the resource that gets the values. Raises
    InvalidValue, and Stale when others change these values at the same time.
    """
    most_levels = endpoint.bounds.nesting
    name = endpoint.resource_type.name
    # The store may be a moment behind here: the bound only keeps reads cheap.
    levels_below = levels(nested, _targets_in(endpoint, attribute), most_levels - levels_above)
    if levels_above + 1 + levels_below > most_levels:
        raise InvalidValue(
            f"{attribute} must not contain this {name}: {name}s would lie more than {most_levels} levels"
            f" deep in each other; at most {most_levels} levels are taken."
        )


def levels(
    starts: Iterable[Key],
    children_of: Callable[[Sequence[Key]], Mapping[Key, Sequence[Key]]],
    limit: int,
) -> int:
    """Return the length of the longest path from the starts, at most one more than `limit`.

    `children_of` is asked once for each resource, a level at a time. Raises Stale when a path is
    a cycle: then the levels that were read are not from the same moment.
    """
    children_by_key: dict[Key, Sequence[Key]] = {}
    level = set(starts)
    visited = set(level)
    length = 0
    while length <= limit:
        children_by_key.update(children_of(sorted(level - children_by_key.keys())))
        level = {key for parent in level for key in children_by_key.get(parent, ())}
        if not level:
            break
        visited |= level
        length += 1
        if length >= len(visited):
            raise Stale
    return length


def _targets_in(
    endpoint: Endpoint, attribute: str
) -> Callable[[Sequence[Key]], Mapping[Key, Sequence[Key]]]:
    """Return a function that reads the values of their own type of resources that have values."""
    directory, tenant = unrestricted(endpoint.directory), endpoint.tenant
    unrestricted_endpoint = replace(endpoint, directory=directory)
    resources_read = 0

    def children_of(keys: Sequence[Key]) -> Mapping[Key, Sequence[Key]]:
        nonlocal resources_read
        records = directory.read_latest(tenant, keys) if keys else {}
        keys_with_values = [
            key for key, record in records.items() if record.counts.get(attribute, 0)
        ]
        resources_read += len(keys_with_values)
        if resources_read > MOST_BELOW:
            raise InvalidValue(
                f"{attribute} must not contain a {endpoint.resource_type.name} with more than"
                f" {MOST_BELOW} others below it; put it in before they are put into it."
            )
        nested: dict[Key, list[Key]] = {}
        for source, edge in edges_of_each(unrestricted_endpoint, keys_with_values, attribute):
            if edge.target.type == source.type:
                nested.setdefault(source, []).append(edge.target)
        return nested

    return children_of
