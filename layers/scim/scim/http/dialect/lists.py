"""Lists in the form of vendors: bare arrays."""

from dataclasses import replace

from scim.errors import TooMany
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query


def wanting_all(endpoint: Endpoint, query: Query) -> Query:
    """Return the query, with the largest page size if the response is a bare array of all matches."""
    if not _is_whole(endpoint, query):
        return query
    return replace(query, count=endpoint.bounds.max_page_size)


def require_all(endpoint: Endpoint, query: Query, listing: Listing) -> None:
    """Raise TooMany when a bare array omits resources, because it cannot tell the client so."""
    if _is_whole(endpoint, query) and len(listing.resources) < listing.total:
        raise TooMany(
            f"There are {listing.total} resources, more than one array holds here;"
            " ask for some of them with startIndex and count."
        )


def _is_whole(endpoint: Endpoint, query: Query) -> bool:
    is_bare = endpoint.resource_type.endpoint in endpoint.profile.wire.bare_lists
    asks_for_a_part = (query.count, query.start_index, query.cursor) != (None, None, None)
    return is_bare and not asks_for_a_part
