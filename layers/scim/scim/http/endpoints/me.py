"""`/Me`: an alias of the caller's own resource (RFC 7644 section 3.11).

The token's subject identifies the resource; a token without a subject has none.
"""

from collections.abc import Mapping
from dataclasses import replace

from scim.errors import (
    Forbidden,
    InvalidValue,
    MethodNotAllowed,
    NotFound,
    NotImplementedHere,
    Uniqueness,
)
from scim.http.endpoints import resources
from scim.http.message.body import json_object
from scim.http.message.request import Request, names_asked
from scim.http.message.response import Reply, created_reply
from scim.profile.parts import Domains
from scim.resource.access_path import IndexValue
from scim.resource.fold import folded, key_of
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.resources.create import create
from scim.service.visibility.deployment import Deployment
from scim.service.visibility.restrict import ids_with

OFF, ON, CREATES = "off", "on", "create"
OWN_TYPE = "User"
_ID = "id"
_NAMES = ("userName", "externalId")
_METHODS = ("GET", "PUT", "PATCH", "DELETE")


def me(deployment: Deployment, mode: str, request: Request) -> Reply:
    """Serve `/Me`: GET, PUT, PATCH and DELETE, and POST if callers may create their own resource.

    Raises NotFound when the credentials identify no resource. Every response has the resource's
    own Location.
    """
    resource_type = deployment.catalogue.resource_type(OWN_TYPE)
    if mode == OFF or resource_type is None:
        raise NotImplementedHere("This service does not offer /Me.")
    if request.method == "POST":
        if mode != CREATES:
            raise MethodNotAllowed("Creating your own resource is not supported here.", _METHODS)
        return _created(deployment, resource_type, request)
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    id_ = _own_id(endpoint, request)
    if id_ is None:
        raise NotFound(f"These credentials do not belong to a {OWN_TYPE}.")
    reply = resources.item(deployment, resource_type, request, id_)
    return replace(
        reply, headers={**reply.headers, "Location": endpoint.location_of(OWN_TYPE, id_)}
    )


def _own_id(endpoint: Endpoint, request: Request) -> str | None:
    name, value = _subject(request, endpoint.profile.domains)
    if name == _ID:
        return value
    key = _key(endpoint.resource_type, name, value)
    if not key:
        return None
    path = IndexValue(OWN_TYPE, name, key)
    ids = ids_with(endpoint, path, 2)
    # If two resources have the same externalId, neither is chosen.
    return ids[0] if len(ids) == 1 else None


def _subject(request: Request, domains: Domains) -> tuple[str, str]:
    name, _, value = (request.principal.subject or "").partition(":")
    if name not in (_ID, *_NAMES) or not value:
        raise NotFound(f"These credentials do not belong to a {OWN_TYPE}.")
    return name, _without_domain(domains, name, value)


def _without_domain(domains: Domains, name: str, value: str) -> str:
    return domains.plain(value) if name in domains.names.get(OWN_TYPE, ()) else value


def _key(resource_type: ResourceType, name: str, value: object) -> str | None:
    ref = resource_type.named(name)
    return None if ref is None else key_of(folded(ref.leaf, value))


def _created(deployment: Deployment, resource_type: ResourceType, request: Request) -> Reply:
    domains = deployment.profile.domains
    name, value = _subject(request, domains)
    if name == _ID:
        raise Forbidden("These credentials name a resource by its id and cannot create it.")
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    if _own_id(endpoint, request) is not None:
        raise Uniqueness("The resource of these credentials exists already.")
    body = json_object(request, deployment.max_body_bytes)
    own_body = _as_own(resource_type, body, name, value, domains)
    return created_reply(
        create(endpoint, own_body, endpoint.projection(*names_asked(request.query)))
    )


def _as_own(
    resource_type: ResourceType,
    body: Mapping[str, object],
    name: str,
    value: str,
    domains: Domains,
) -> dict[str, object]:
    """Return the body with the name from the credentials. Raises InvalidValue if the body has another."""
    for member, given_value in body.items():
        if member.lower() == name.lower():
            is_same = isinstance(given_value, str) and (
                _key(resource_type, name, _without_domain(domains, name, given_value))
                == _key(resource_type, name, value)
            )
            if not is_same:
                raise InvalidValue(f"{member} must be what the credentials say it is.")
            return dict(body)
    return {**body, name: value}
