"""Which path below the mount is served by what."""

from collections.abc import Iterable
from functools import partial

from scim.http import discovery as discover
from scim.http import edges, jobs, resources
from scim.http.bulk import bulk
from scim.http.desk import Desk
from scim.http.gate import Route
from scim.http.me import me
from scim.http.search import search_everything
from scim.schema.resource_type import ResourceType
from scim.service.discovery import Discovery
from scim.service.job.ports import Office

Routes = dict[str, Route]


def resource_routes(desk: Desk, resource_types: Iterable[ResourceType]) -> Routes:
    """Return the routes of some resource types."""
    routes: Routes = {}
    for resource_type in resource_types:
        endpoint = resource_type.endpoint
        face = resources if resource_type.edges_of is None else edges
        routes[endpoint] = partial(face.collection, desk, resource_type)
        routes[f"{endpoint}/.search"] = partial(face.searched, desk, resource_type)
        routes[f"{endpoint}/<id_>"] = partial(face.item, desk, resource_type)
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


def bulk_routes(desk: Desk) -> Routes:
    """Return the route of many operations in one request."""
    return {"/Bulk": partial(bulk, desk)}


def job_routes(desk: Desk, office: Office) -> Routes:
    """Return the routes of jobs: `/Bulk` too, which takes long requests as jobs."""
    bench = jobs.bench_of(desk, office)
    return {
        "/Bulk": partial(jobs.bulk_or_job, desk, bench),
        "/Jobs": partial(jobs.collection, bench),
        "/Jobs/<id_>": partial(jobs.item, bench),
        "/Jobs/<id_>/Result": partial(jobs.result, bench),
    }


def me_routes(desk: Desk, mode: str) -> Routes:
    """Return the route of the caller's own resource, as the deployment offers it."""
    return {"/Me": partial(me, desk, mode)}
