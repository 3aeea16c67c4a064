"""`Idempotency-Key` on POST: a repeated request returns the first response and creates nothing more.

draft-ietf-httpapi-idempotency-key-header: the key is a string of RFC 8941; a key without quotes is
accepted too.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import cast

from scim.errors import Conflict, InvalidValue, KeyReused, ScimError
from scim.http.endpoints.dry_run import RouteOf, wants_dry_run
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.resource.history.once import Earlier, Once
from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.schema.resource_type import ResourceType
from scim.service.idempotency import OnceDirectory, OnceEdgeDirectory
from scim.service.ports import KeyStore
from scim.service.resources.view import full_views
from scim.service.visibility.deployment import Deployment

HEADER = "idempotency-key"
LONGEST = 255
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_PRINTED = re.compile(r"[ -~]+")


def request_hash(request: Request) -> str:
    """Return a hash of body and query, which tells requests apart."""
    query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    return sha256(request.body + b"\0" + query.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeyedEndpoint:
    """An endpoint that performs a POST once for each key; endpoints of one `name` share their keys.

    `route` serves requests without a key. `first` takes a key and the request's fingerprint and
    returns the route for the first request with that key. `again` takes the id of what was made and
    returns a reply if the first reply was not kept. `fingerprint` tells requests apart; `keeps` says
    whether replies are kept.
    """

    name: str
    route: Route
    first: Callable[[Once, str], Route]
    again: Callable[[Request, str], Reply]
    fingerprint: Callable[[Request], str] = request_hash
    keeps: bool = True


def once_only(resource_type: ResourceType, route_of: RouteOf) -> RouteOf:
    """Return a function that makes routes which create one resource for each Idempotency-Key."""
    is_edge = resource_type.edges_of is not None
    directory_of = OnceEdgeDirectory if is_edge else OnceDirectory

    def keyed_route(deployment: Deployment) -> Route:
        def first(once: Once, _: str) -> Route:
            directory = directory_of(deployment.directory, once)
            return route_of(replace(deployment, directory=directory))

        again = partial(_edge_reply_again if is_edge else _reply_again, deployment, resource_type)
        return keyed(
            deployment, KeyedEndpoint(resource_type.name, route_of(deployment), first, again)
        )

    return keyed_route


def keyed(deployment: Deployment, keyed_endpoint: KeyedEndpoint) -> Route:
    """Return the route of an endpoint, which respects Idempotency-Key on POST.

    Each caller has its own keys. Raises InvalidValue for an invalid key, KeyReused when the key came
    with another request, and Conflict while its request is in progress. A refused request frees its
    key. After a response with Retry-After, only the same request can use the key.
    """
    keys = deployment.keys

    def call(request: Request, **parameters: str) -> Reply:
        header = request.headers.get(HEADER)
        is_supported = request.method == "POST" and not wants_dry_run(request)
        if header is None or keys is None or not keys.is_on or not is_supported:
            return keyed_endpoint.route(request, **parameters)
        now = datetime.fromisoformat(deployment.clock.now())
        once = Once(_name(request, keyed_endpoint.name, header), int(now.timestamp()))
        fingerprint = keyed_endpoint.fingerprint(request)
        earlier = keys.begin(request.principal.tenant, once, fingerprint)
        if earlier is not None:
            return _repeated_reply(keyed_endpoint, request, earlier, fingerprint)
        return _first_reply(keys, once, keyed_endpoint, request, fingerprint)

    return call


def _first_reply(
    keys: KeyStore, once: Once, keyed_endpoint: KeyedEndpoint, request: Request, fingerprint: str
) -> Reply:
    tenant = request.principal.tenant
    try:
        reply = keyed_endpoint.first(once, fingerprint)(request)
    except ScimError:
        keys.forget(tenant, once)
        raise
    except Exception:
        keys.release(tenant, once)
        raise
    if "Retry-After" in reply.headers:
        keys.release(tenant, once)
    elif keyed_endpoint.keeps:
        answer = {"status": reply.status, "headers": dict(reply.headers), "body": reply.body}
        keys.keep(tenant, once, answer)
    return reply


def _repeated_reply(
    keyed_endpoint: KeyedEndpoint, request: Request, earlier: Earlier, fingerprint: str
) -> Reply:
    if earlier.fingerprint != fingerprint:
        raise KeyReused(
            "This Idempotency-Key was used with another request; use a new key for a new request."
        )
    if earlier.answer is not None:
        answer = earlier.answer
        headers = cast(dict[str, str], answer["headers"])
        return Reply(int(str(answer["status"])), cast(dict[str, object], answer["body"]), headers)
    if not earlier.made:
        raise Conflict("The request with this Idempotency-Key is in progress; try again later.")
    # The resource was created but the reply was not kept: return the resource's current state.
    return keyed_endpoint.again(request, earlier.made)


def _reply_again(
    deployment: Deployment, resource_type: ResourceType, request: Request, resource_id: str
) -> Reply:
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    key = Key(resource_type.name, resource_id)
    records = endpoint.directory.read_latest(endpoint.tenant, [key])
    views = full_views(endpoint, [*records.values()], Projection.of(resource_type))
    return _made_reply(views[0] if views else None, endpoint.location_of(*key))


def _edge_reply_again(
    deployment: Deployment, resource_type: ResourceType, request: Request, edge_id: str
) -> Reply:
    from scim.service.resources.edge import shown_edge  # noqa: PLC0415 - few profiles serve edges

    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    location = endpoint.location_of(resource_type.name, edge_id)
    return _made_reply(shown_edge(endpoint, edge_id), location)


def _made_reply(shown: Mapping[str, object] | None, location: str) -> Reply:
    """Return the reply to a creation, with the resource as it is now; without a tag if it was deleted since."""
    meta = (shown or {}).get("meta")
    tag = {"ETag": str(meta["version"])} if isinstance(meta, Mapping) and "version" in meta else {}
    return Reply(201, shown, {"Location": location, **tag})


def _name(request: Request, endpoint: str, header: str) -> str:
    """Return the stored name of a key; it includes the caller, so that keys of two callers never meet."""
    quoted = _QUOTED.fullmatch(header.strip())
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header.strip()
    if not _PRINTED.fullmatch(key) or len(key) > LONGEST or (not quoted and '"' in key):
        raise InvalidValue(
            f"Idempotency-Key: expected a string in quotes of up to {LONGEST} printable characters."
        )
    caller = request.principal.owner or request.principal.token_id
    return sha256(f"{caller}\x00{endpoint}\x00{key}".encode()).hexdigest()
