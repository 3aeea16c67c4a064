"""Lists that are a bare array: it cannot say that there is more, so it holds all there is."""

from dataclasses import replace

from scim.errors import TooMany
from scim.service.answer import Listing
from scim.service.endpoint import Endpoint
from scim.service.query_part import Query


def wanting_all(endpoint: Endpoint, query: Query) -> Query:
    """Return the query for as many resources as one answer may hold where a page has no frame."""
    if not _is_whole(endpoint, query):
        return query
    return replace(query, count=endpoint.bounds.max_page_size)


def require_all(endpoint: Endpoint, query: Query, listing: Listing) -> None:
    """Raise TooMany where resources are missing that the client does not know to ask for."""
    if _is_whole(endpoint, query) and len(listing.resources) < listing.total:
        raise TooMany(
            f"There are {listing.total} resources, more than one array holds here;"
            " ask for some of them with startIndex and count."
        )


def _is_whole(endpoint: Endpoint, query: Query) -> bool:
    is_bare = endpoint.resource_type.endpoint in endpoint.profile.wire.bare_lists
    asks_for_a_part = (query.count, query.start_index, query.cursor) != (None, None, None)
    return is_bare and not asks_for_a_part
