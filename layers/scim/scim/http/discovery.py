"""Discovery: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 section 4)."""

from collections.abc import Sequence

from scim.errors import Forbidden, MethodNotAllowed
from scim.http.reply import Reply, listed
from scim.http.request import Request
from scim.service.answer import Listing
from scim.service.discovery import Discovery


def config(discovery: Discovery, request: Request) -> Reply:
    """Serve `/ServiceProviderConfig`."""
    _require_plain_get(request)
    return Reply(200, discovery.config(request.base_url))


def schemas(discovery: Discovery, request: Request) -> Reply:
    """Serve `/Schemas`."""
    _require_plain_get(request)
    return _all(discovery.schemas(request.base_url))


def schema(discovery: Discovery, request: Request, uri: str) -> Reply:
    """Serve `/Schemas/{uri}`; raises NotFound for a URI that is not served."""
    _require_plain_get(request)
    return Reply(200, discovery.schema(request.base_url, uri))


def resource_types(discovery: Discovery, request: Request) -> Reply:
    """Serve `/ResourceTypes`."""
    _require_plain_get(request)
    return _all(discovery.resource_types(request.base_url))


def resource_type(discovery: Discovery, request: Request, name: str) -> Reply:
    """Serve `/ResourceTypes/{name}`; raises NotFound for a name that is not served."""
    _require_plain_get(request)
    return Reply(200, discovery.resource_type(request.base_url, name))


def _all(resources: Sequence[dict[str, object]]) -> Reply:
    return listed(Listing(tuple(resources), len(resources), 1))


def _require_plain_get(request: Request) -> None:
    """Filters are refused here: all of it or nothing (RFC 7644 section 4)."""
    if request.method != "GET":
        raise MethodNotAllowed("Discovery serves GET.", ("GET",))
    if "filter" in request.query:
        raise Forbidden("Discovery endpoints take no filter.")
