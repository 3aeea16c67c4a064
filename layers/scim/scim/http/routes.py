"""Which path below the mount is served by what."""

from collections.abc import Callable, Iterable
from functools import partial

from scim.http.endpoints import definitions as define
from scim.http.endpoints import delta as deltas
from scim.http.endpoints import discovery as discover
from scim.http.endpoints import edges, events, jobs, requests, resources
from scim.http.endpoints.discovery import documented_routes
from scim.http.endpoints.dry_run import RouteOf, rehearsable, unrehearsable
from scim.http.endpoints.idempotency import once_only
from scim.http.endpoints.me import me
from scim.http.endpoints.resources import search_everything
from scim.http.message.request import Route
from scim.http.message.response import Reply
from scim.http.request_log import RequestLogs
from scim.permission import Permissions
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.definitions import DefinitionService, DefinitionStore
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds
from scim.service.feed.poll import OpenFeed
from scim.service.feed.ports import ChangeFeed
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import JobBackend
from scim.service.openapi.document import openapi
from scim.service.visibility.deployment import Deployment

Routes = dict[str, Route]


def resource_routes(deployment: Deployment, resource_types: Iterable[ResourceType]) -> Routes:
    """Return the routes of some resource types."""
    routes: Routes = {}
    for resource_type in resource_types:
        endpoint = resource_type.endpoint
        served = resources if resource_type.edges_of is None else edges
        collection = _of_type(served.collection, resource_type)
        if resource_type.edges_of is None:
            collection = once_only(resource_type, collection)
        routes[endpoint] = rehearsable(deployment, collection)
        routes[f"{endpoint}/.search"] = partial(served.searched, deployment, resource_type)
        routes[f"{endpoint}/<id_>"] = rehearsable(deployment, _of_type(served.item, resource_type))
    return routes


def _of_type(serve: Callable[..., Reply], resource_type: ResourceType) -> RouteOf:
    return lambda deployment: partial(serve, deployment, resource_type)


def type_routes(deployment: Deployment, name: str, changes: ChangeFeed) -> Routes:
    """Return the routes of the resource type of that name, none where it is not served."""
    found = deployment.catalogue.resource_type(name)
    if found is None:
        return {}
    return {**resource_routes(deployment, [found]), **delta_routes(deployment, [found], changes)}


def delta_routes(
    deployment: Deployment, resource_types: Iterable[ResourceType], changes: ChangeFeed
) -> Routes:
    """Return the routes of delta queries over some resource types; edges are changes of others."""
    routes: Routes = {}
    for each in resource_types:
        if each.edges_of is None:
            only = _only(each)
            routes[f"{each.endpoint}/.deltaToken"] = partial(
                deltas.token, deployment, changes, only
            )
            routes[f"{each.endpoint}/.delta"] = partial(deltas.changed, deployment, changes, only)
    return routes


def _only(resource_type: ResourceType) -> deltas.TypesOf:
    return lambda _: (resource_type,)


def discovery_routes(discovery: Discovery) -> Routes:
    """Return the routes of the discovery endpoints."""
    if discovery.profile.discovery is not None:
        return documented_routes(discovery.profile.discovery)
    return {
        "/ServiceProviderConfig": partial(discover.config, discovery),
        "/Schemas": partial(discover.schemas, discovery),
        "/Schemas/<uri>": partial(discover.schema, discovery),
        "/ResourceTypes": partial(discover.resource_types, discovery),
        "/ResourceTypes/<name>": partial(discover.resource_type, discovery),
    }


def openapi_routes(profile: Profile, catalogue: Catalogue, bounds: Bounds, mode: str) -> Routes:
    """Return the route of the document that describes all others; `mode` is that of `/Me`."""
    describe = partial(openapi, profile, catalogue, Permissions.shipped(), bounds, mode)
    return {"/openapi.json": partial(discover.described, describe)}


def event_routes(deployment: Deployment, changes: OpenFeed) -> Routes:
    """Return the route at which events are polled."""
    return {"/Events": partial(events.events, deployment, changes)}


def search_routes(deployment: Deployment) -> Routes:
    """Return the routes of queries over all resource types."""
    return {
        "/": partial(search_everything, deployment),
        "/.search": partial(search_everything, deployment),
    }


def job_routes(deployment: Deployment, backend: JobBackend) -> Routes:
    """Return the routes of jobs: `/Bulk` too, which takes long requests as jobs."""
    job_context = JobContext(deployment, backend)
    return {
        "/Bulk": rehearsable(
            deployment, lambda tried: partial(jobs.bulk_or_job, tried, job_context)
        ),
        "/Jobs": unrehearsable(partial(jobs.collection, job_context)),
        "/Jobs/<id_>": unrehearsable(partial(jobs.item, job_context)),
        "/Jobs/<id_>/Result": partial(jobs.result, job_context),
        "/Jobs/<id_>/Start": unrehearsable(partial(jobs.started, job_context)),
    }


def me_routes(deployment: Deployment, mode: str) -> Routes:
    """Return the route of the caller's own resource, as the profile or the deployment offers it."""
    served = deployment.profile.auth.me or mode
    return {"/Me": rehearsable(deployment, lambda tried: partial(me, tried, served))}


def definition_routes(definition_service: DefinitionService) -> Routes:
    """Return the routes of what a tenant defines for itself."""
    return {
        "/Definitions": unrehearsable(partial(define.administered, definition_service)),
        "/Definitions/<version>": partial(define.item, definition_service.definition_store),
    }


def every_route(
    deployment: Deployment,
    backend: JobBackend,
    mode: str,
    definition_store: DefinitionStore,
    changes: OpenFeed,
    logs: RequestLogs | None = None,
) -> Routes:
    """Return all routes, for the function that serves every tenant's paths.

    Definitions are shown there; to replace them is for one function alone.
    """
    return {
        **search_routes(deployment),
        **discovery_routes(Discovery(deployment.catalogue, deployment.bounds, deployment.profile)),
        **openapi_routes(deployment.profile, deployment.catalogue, deployment.bounds, mode),
        **me_routes(deployment, mode),
        **job_routes(deployment, backend),
        "/Requests": partial(requests.collection, logs),
        "/Definitions": partial(define.shown, definition_store),
        "/Definitions/<version>": partial(define.item, definition_store),
        **resource_routes(deployment, deployment.catalogue.resource_types),
        **delta_routes(deployment, deployment.catalogue.resource_types, changes),
        **event_routes(deployment, changes),
        "/.deltaToken": partial(deltas.token, deployment, changes, deltas.every_type(deployment)),
        "/.delta": partial(deltas.changed, deployment, changes, deltas.every_type(deployment)),
    }
