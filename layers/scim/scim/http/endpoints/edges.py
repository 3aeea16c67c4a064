"""The endpoints of a resource type whose resources are edges, such as `/GroupMembers`."""

from scim.errors import MethodNotAllowed
from scim.http.message.body import json_object
from scim.http.message.query import query_of
from scim.http.message.request import Request, names_asked
from scim.http.message.response import Reply, created_reply, list_reply, resource_reply
from scim.schema.resource_type import ResourceType
from scim.service.query.edge_search import search_edges
from scim.service.resources.edge import create_edge, delete_edge, read_edge
from scim.service.visibility.deployment import Deployment


def collection(deployment: Deployment, resource_type: ResourceType, request: Request) -> Reply:
    """Serve `/GroupMembers`: GET lists, POST adds."""
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    match request.method:
        case "GET":
            return list_reply(search_edges(endpoint, query_of(deployment, request)))
        case "POST":
            body = json_object(request, deployment.max_body_bytes)
            return created_reply(
                create_edge(endpoint, body, endpoint.projection(*names_asked(request.query)))
            )
        case _:
            raise MethodNotAllowed("A collection serves GET and POST.", ("GET", "POST"))


def item(deployment: Deployment, resource_type: ResourceType, request: Request, id_: str) -> Reply:
    """Serve `/GroupMembers/{id}`: GET and DELETE; a membership cannot be changed."""
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    match request.method:
        case "GET":
            projection = endpoint.projection(*names_asked(request.query))
            return resource_reply(read_edge(endpoint, id_, request.precondition, projection))
        case "DELETE":
            delete_edge(endpoint, id_, request.precondition)
            return Reply(204)
        case _:
            name = resource_type.name
            raise MethodNotAllowed(f"A {name} serves GET and DELETE.", ("GET", "DELETE"))


def search_type(deployment: Deployment, resource_type: ResourceType, request: Request) -> Reply:
    """Serve `/GroupMembers/.search`: POST queries in the same way as GET (RFC 7644 section 3.4.3)."""
    if request.method != "POST":
        raise MethodNotAllowed("A search is a POST.", ("POST",))
    return list_reply(
        search_edges(
            deployment.endpoint(request.principal, request.base_url, resource_type),
            query_of(deployment, request),
        )
    )
