"""All routes, for the function that serves every tenant's paths."""

from functools import partial

from scim.http.endpoints import definitions as define
from scim.http.endpoints import delta as deltas
from scim.http.endpoints import history
from scim.http.endpoints.resources import listable_types
from scim.http.request_log import RequestLogs
from scim.http.routes.discovery import discovery_routes, openapi_routes
from scim.http.routes.events import event_routes
from scim.http.routes.jobs import job_routes
from scim.http.routes.me import me_routes
from scim.http.routes.resources import Routes, delta_routes, resource_routes, search_routes
from scim.service.audit import AuditTrail
from scim.service.definitions import DefinitionStore
from scim.service.discovery import Discovery
from scim.service.feed.poll import PolledFeed
from scim.service.jobs.ports import JobBackend
from scim.service.visibility.deployment import Deployment


def every_route(
    deployment: Deployment,
    backend: JobBackend,
    me_mode: str,
    definition_store: DefinitionStore,
    change_feed: PolledFeed,
    audit_trail: AuditTrail,
    request_logs: RequestLogs | None,
) -> Routes:
    """Return all routes; `/Definitions` only reads here, as another function replaces definitions."""
    every_type = partial(listable_types, deployment)
    return {
        **search_routes(deployment),
        **discovery_routes(
            Discovery(deployment.catalogue, deployment.bounds, deployment.profile),
            change_feed.feeds.of,
        ),
        **openapi_routes(deployment.profile, deployment.catalogue, deployment.bounds, me_mode),
        **me_routes(deployment, me_mode),
        **job_routes(deployment, backend),
        "/Audit": partial(history.audit, audit_trail, deployment.catalogue),
        "/Requests": partial(history.requests, request_logs),
        "/Definitions": partial(define.read_only_collection, definition_store),
        "/Definitions/<version>": partial(define.item, definition_store),
        **resource_routes(deployment, deployment.catalogue.resource_types),
        **delta_routes(deployment, deployment.catalogue.resource_types, lambda: change_feed),
        **event_routes(deployment, change_feed),
        "/.deltaToken": partial(deltas.token, deployment, change_feed, every_type),
        "/.delta": partial(deltas.changed, deployment, change_feed, every_type),
    }
