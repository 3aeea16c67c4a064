"""A token's filters in the use cases: applied once where an endpoint is made, and in few other places."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from scim.errors import Forbidden, InvalidFilter
from scim.resource.access_path import Direction, IndexValue
from scim.resource.record import Record
from scim.schema.catalogue import Catalogue
from scim.service.edges import all_edges
from scim.service.endpoint import Endpoint
from scim.service.ports import Reads
from scim.service.visibility.directory import FilteredDirectory

if TYPE_CHECKING:
    from scim.service.visibility.filters import TokenFilters


def restricted(endpoint: Endpoint, filters: str, most: int | None = None) -> Endpoint:
    """Return the endpoint as a token with these filters sees it; unchanged without filters.

    At most `most` resources outside the filters are skipped; None means as many as a query may read.
    Raises Forbidden when the filters do not fit the tenant's resource types.
    """
    if not filters:
        return endpoint
    token_filters = fitting_filters(filters, endpoint.catalogue)
    most_skipped, budget = (
        (endpoint.bounds.scanned, endpoint.budget) if most is None else (most, None)
    )
    filtered = FilteredDirectory(
        endpoint.directory, endpoint.writes, token_filters, most_skipped, budget
    )
    return replace(endpoint, directory=filtered, writes=filtered)


def fitting_filters(filters: str, catalogue: Catalogue) -> "TokenFilters":
    """Return the filters of credentials. Raises Forbidden when they do not fit the tenant's resource types."""
    from scim.service.visibility.filters import token_filters_of  # noqa: PLC0415 - few have them

    try:
        return token_filters_of(filters, catalogue)
    except InvalidFilter as error:
        raise Forbidden(
            "The filters of these credentials do not fit the resource types here;"
            " whoever gave them out has to make new ones."
        ) from error


def unrestricted(directory: Reads) -> Reads:
    """Return the unfiltered directory, for rules about all resources."""
    return directory.behind if isinstance(directory, FilteredDirectory) else directory


def ids_with(endpoint: Endpoint, path: IndexValue, limit: int) -> list[str]:
    """Return up to `limit` ids that an index holds under a value and that the caller may see."""
    directory = endpoint.directory
    if isinstance(directory, FilteredDirectory):
        return directory.visible_ids(endpoint.tenant, path, limit)
    return directory.ids(endpoint.tenant, path, Direction.UP, None, limit).ids


def sees_every(endpoint: Endpoint, type_name: str) -> bool:
    """Tell whether the caller may see every resource of the type."""
    directory = endpoint.directory
    return not isinstance(directory, FilteredDirectory) or directory.filters.sees_all(type_name)


def visible_count(endpoint: Endpoint, record: Record, attribute: str) -> int:
    """Return the number of visible values of a relation: the stored count, or counted one by one."""
    count = record.counts.get(attribute, 0)
    if not count or all(
        sees_every(endpoint, target) for target in _targets(endpoint, record.key.type, attribute)
    ):
        return count
    return sum(1 for _ in all_edges(endpoint, record.key, attribute))


def _targets(endpoint: Endpoint, type_name: str, attribute: str) -> Iterable[str]:
    source = endpoint.catalogue.resource_type(type_name)
    relation = None if source is None else source.relation(attribute)
    return () if relation is None else relation.targets
