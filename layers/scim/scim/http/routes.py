"""Which path below the mount is served by what."""

from collections.abc import Iterable
from functools import partial

from scim.http import discovery as discover
from scim.http import resources
from scim.http.app import Route
from scim.http.desk import Desk
from scim.http.search import search_everything
from scim.schema.resource_type import ResourceType
from scim.service.discovery import Discovery

Routes = dict[str, Route]


def resource_routes(desk: Desk, resource_types: Iterable[ResourceType]) -> Routes:
    """Return the routes of some resource types."""
    routes: Routes = {}
    for resource_type in resource_types:
        endpoint = resource_type.endpoint
        routes[endpoint] = partial(resources.collection, desk, resource_type)
        routes[f"{endpoint}/.search"] = partial(resources.searched, desk, resource_type)
        routes[f"{endpoint}/<id_>"] = partial(resources.item, desk, resource_type)
    return routes


def discovery_routes(discovery: Discovery) -> Routes:
    """Return the routes of the discovery endpoints."""
    return {
        "/ServiceProviderConfig": partial(discover.config, discovery),
        "/Schemas": partial(discover.schemas, discovery),
        "/Schemas/<uri>": partial(discover.schema, discovery),
        "/ResourceTypes": partial(discover.resource_types, discovery),
        "/ResourceTypes/<name>": partial(discover.resource_type, discovery),
    }


def search_routes(desk: Desk) -> Routes:
    """Return the routes of queries over all resource types."""
    return {
        "/": partial(search_everything, desk),
        "/.search": partial(search_everything, desk),
    }
