"""The routes of discovery and of the OpenAPI document."""

from functools import partial

from scim.http.endpoints import discovery as discover
from scim.http.endpoints.discovery import documented_routes
from scim.http.routes.resources import Routes
from scim.permission import Permissions
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds
from scim.service.openapi.document import openapi


def discovery_routes(discovery: Discovery, feed_of: discover.FeedOf) -> Routes:
    if discovery.profile.discovery is not None:
        return documented_routes(discovery.profile.discovery)
    return {
        "/ServiceProviderConfig": partial(discover.config, discovery, feed_of),
        "/Schemas": partial(discover.schemas, discovery),
        "/Schemas/<uri>": partial(discover.schema, discovery),
        "/ResourceTypes": partial(discover.resource_types, discovery),
        "/ResourceTypes/<name>": partial(discover.resource_type, discovery),
    }


def openapi_routes(profile: Profile, catalogue: Catalogue, bounds: Bounds, me_mode: str) -> Routes:
    """Return the route of the OpenAPI document; `me_mode` is the mode of `/Me`."""
    describe = partial(openapi, profile, catalogue, Permissions.shipped(), bounds, me_mode)
    return {"/openapi.json": partial(discover.openapi_document, describe)}
