"""Discovery: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 section 4)."""

from collections.abc import Sequence

from scim.errors import Forbidden, MethodNotAllowed
from scim.http.message.query import query_of_url
from scim.http.message.request import Request
from scim.http.message.response import Reply, listed
from scim.service.answer import Listing
from scim.service.discovery import USUAL, Discovery


def config(discovery: Discovery, request: Request) -> Reply:
    """Serve `/ServiceProviderConfig`."""
    require_plain_get(request)
    ways = request.principal.schemes or USUAL
    return Reply(200, discovery.config(request.base_url, ways))


def schemas(discovery: Discovery, request: Request) -> Reply:
    """Serve `/Schemas`."""
    require_plain_get(request)
    return _all(discovery, request, discovery.schemas(request.base_url))


def schema(discovery: Discovery, request: Request, uri: str) -> Reply:
    """Serve `/Schemas/{uri}`; raises NotFound for a URI that is not served."""
    require_plain_get(request)
    return Reply(200, discovery.schema(request.base_url, uri))


def resource_types(discovery: Discovery, request: Request) -> Reply:
    """Serve `/ResourceTypes`."""
    require_plain_get(request)
    return _all(discovery, request, discovery.resource_types(request.base_url))


def resource_type(discovery: Discovery, request: Request, name: str) -> Reply:
    """Serve `/ResourceTypes/{name}`; raises NotFound for a name that is not served."""
    require_plain_get(request)
    return Reply(200, discovery.resource_type(request.base_url, name))


def _all(discovery: Discovery, request: Request, resources: Sequence[dict[str, object]]) -> Reply:
    """Return all there is, or a page of it where the profile has pages."""
    every = tuple(resources)
    if not discovery.profile.paging.paged_discovery:
        return listed(Listing(every, len(every), 1))
    query = query_of_url(request.query)
    start = max(1 if query.start_index is None else query.start_index, 1)
    usual = discovery.bounds.page_size if query.count is None else query.count
    count = min(max(usual, 0), discovery.bounds.max_page_size)
    return listed(Listing(every[start - 1 : start - 1 + count], len(every), start))


def require_plain_get(request: Request) -> None:
    """Filters are refused here: all of it or nothing (RFC 7644 section 4)."""
    if request.method != "GET":
        raise MethodNotAllowed("Discovery serves GET.", ("GET",))
    if "filter" in request.query:
        raise Forbidden("Discovery endpoints take no filter.")
