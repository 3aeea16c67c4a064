"""The routes of resources, and of queries over all types."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from scim.http.endpoints import resources
from scim.http.endpoints.dry_run import RouteOf, with_dry_run
from scim.http.endpoints.idempotency import once_only
from scim.http.endpoints.resources import search_everything
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.schema.resource_type import ResourceType
from scim.service.visibility.deployment import Deployment

if TYPE_CHECKING:
    from scim.service.feed.ports import ChangeFeed

Routes = dict[str, Route]
FeedOpener = Callable[[], "ChangeFeed"]
"""Opens the change feed on the first use."""


def resource_routes(deployment: Deployment, resource_types: Iterable[ResourceType]) -> Routes:
    routes: Routes = {}
    for resource_type in resource_types:
        if resource_type.edges_of is not None:
            routes |= _edge_routes(deployment, resource_type)
            continue
        endpoint = resource_type.endpoint
        collection = once_only(resource_type, _of_type(resources.collection, resource_type))
        routes[endpoint] = with_dry_run(deployment, collection)
        routes[f"{endpoint}/.search"] = partial(resources.search_type, deployment, resource_type)
        item = _of_type(resources.item, resource_type)
        routes[f"{endpoint}/<id_>"] = with_dry_run(deployment, item)
    return routes


def _edge_routes(deployment: Deployment, resource_type: ResourceType) -> Routes:
    from scim.http.endpoints import edges  # noqa: PLC0415 - few profiles serve edges

    endpoint = resource_type.endpoint
    collection = once_only(resource_type, _of_type(edges.collection, resource_type))
    return {
        endpoint: with_dry_run(deployment, collection),
        f"{endpoint}/.search": partial(edges.search_type, deployment, resource_type),
        f"{endpoint}/<id_>": with_dry_run(deployment, _of_type(edges.item, resource_type)),
    }


def _of_type(serve: Callable[..., Reply], resource_type: ResourceType) -> RouteOf:
    return lambda deployment: partial(serve, deployment, resource_type)


def type_routes(deployment: Deployment, name: str, open_feed: FeedOpener) -> Routes:
    """Return the routes of the resource type with this name, none if it is not served."""
    resource_type = deployment.catalogue.resource_type(name)
    if resource_type is None:
        return {}
    return {
        **resource_routes(deployment, [resource_type]),
        **delta_routes(deployment, [resource_type], open_feed),
    }


def delta_routes(
    deployment: Deployment, resource_types: Iterable[ResourceType], open_feed: FeedOpener
) -> Routes:
    """Return the routes of delta queries over some resource types.

    Types made of edges have none: a change of an edge is a change of the resources it connects.
    """
    routes: Routes = {}
    for resource_type in resource_types:
        if resource_type.edges_of is None:
            routes[f"{resource_type.endpoint}/.deltaToken"] = partial(
                _token, deployment, open_feed, resource_type
            )
            routes[f"{resource_type.endpoint}/.delta"] = partial(
                _changed, deployment, open_feed, resource_type
            )
    return routes


def _token(
    deployment: Deployment, open_feed: FeedOpener, resource_type: ResourceType, request: Request
) -> Reply:
    from scim.http.endpoints import delta  # noqa: PLC0415 - few clients use it

    return delta.token(deployment, open_feed(), lambda _: (resource_type,), request)


def _changed(
    deployment: Deployment, open_feed: FeedOpener, resource_type: ResourceType, request: Request
) -> Reply:
    from scim.http.endpoints import delta  # noqa: PLC0415 - as above

    return delta.changed(deployment, open_feed(), lambda _: (resource_type,), request)


def search_routes(deployment: Deployment) -> Routes:
    """Return the routes of queries over all resource types."""
    return {
        "/": partial(search_everything, deployment),
        "/.search": partial(search_everything, deployment),
    }
