"""Discovery: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 section 4).

If a profile names a vendor's document (`Profile.discovery`), that document is served unchanged."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from scim.compact import json_text
from scim.compiled import DEFINITIONS
from scim.errors import Forbidden, MethodNotAllowed, NotFound
from scim.http.message.query import query_of_url
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply, list_reply
from scim.resource.history.feed import Feed
from scim.service.discovery import USUAL_SCHEMES, Discovery
from scim.service.messages import Listing

FeedOf = Callable[[str], Feed | None]
"""Returns the settings of a tenant's change feed, None if the deployment's apply."""


def config(discovery: Discovery, feed_of: FeedOf, request: Request) -> Reply:
    """Serve `/ServiceProviderConfig`; reads the tenant's feed settings if the profile publishes them."""
    require_plain_get(request)
    caller = request.principal
    feed = feed_of(caller.tenant) if discovery.profile.exact_discovery else None
    schemes = caller.schemes or USUAL_SCHEMES
    return Reply(200, discovery.config(request.base_url, schemes, caller.rate, feed))


def schemas(discovery: Discovery, request: Request) -> Reply:
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
    """Return all resources, or one page if the profile pages discovery."""
    all_resources = tuple(resources)
    if not discovery.profile.paging.paged_discovery:
        return list_reply(Listing(all_resources, len(all_resources), 1))
    query = query_of_url(request.query)
    start = max(1 if query.start_index is None else query.start_index, 1)
    size = discovery.bounds.page_size if query.count is None else query.count
    count = min(max(size, 0), discovery.bounds.max_page_size)
    return list_reply(
        Listing(all_resources[start - 1 : start - 1 + count], len(all_resources), start)
    )


def require_plain_get(request: Request) -> None:
    """Raise MethodNotAllowed unless it is a GET, and Forbidden for a filter (RFC 7644 section 4)."""
    if request.method != "GET":
        raise MethodNotAllowed("Discovery serves GET.", ("GET",))
    if "filter" in request.query:
        raise Forbidden("Discovery endpoints take no filter.")


def openapi_document(describe: Callable[[str], Mapping[str, object]], request: Request) -> Reply:
    """Serve `/openapi.json`: the tenant's API, below the base URL of the request."""
    require_plain_get(request)
    return Reply(200, raw=json_text(describe(request.base_url)))


_LISTED = "resources"


def documented_routes(name: str) -> dict[str, Route]:
    """Return the routes of a document in `definitions/discovery`: each path, with its content.

    The elements of an array, or of the list under `resources`, are also served by id.
    """
    routes: dict[str, Route] = {}
    for path, content in _document(name).items():
        routes[path] = partial(_whole_document, json_text(content))
        elements = content.get(_LISTED) if isinstance(content, dict) else content
        if isinstance(elements, list):
            texts = {element["id"].lower(): json_text(element) for element in elements}
            routes[f"{path}/<name>"] = partial(_document_element, texts)
    return routes


def _whole_document(text: str, request: Request) -> Reply:
    require_plain_get(request)
    return Reply(200, raw=text)


def _document_element(texts_by_name: Mapping[str, str], request: Request, name: str) -> Reply:
    require_plain_get(request)
    if name.lower() not in texts_by_name:
        raise NotFound("There is nothing with this name.")
    return Reply(200, raw=texts_by_name[name.lower()])


@cache
def _document(name: str) -> dict[str, Any]:
    path = DEFINITIONS / "discovery" / f"{name}.json"
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document
