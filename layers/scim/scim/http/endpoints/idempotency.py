"""`Idempotency-Key` on POST: what is asked for again is answered again, and made once.

draft-ietf-httpapi-idempotency-key-header: the key is a string of RFC 8941; without its quotes it
is understood too.
"""

import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import cast

from scim.errors import Conflict, InvalidValue, KeyReused
from scim.http.endpoints.dry_run import RouteOf, wants_dry_run
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.resource.history.once import Earlier, Once
from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.schema.resource_type import ResourceType
from scim.service.idempotency import OnceDirectory
from scim.service.ports import KeyStore
from scim.service.resources.view import full_views
from scim.service.visibility.deployment import Deployment

HEADER = "idempotency-key"
LONGEST = 255
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_PRINTED = re.compile(r"[ -~]+")


def once_only(resource_type: ResourceType, route_of: RouteOf) -> RouteOf:
    """Return what makes routes whose creations are made once for each Idempotency-Key.

    A key is its caller's own. Raises InvalidValue for what is no key, KeyReused where it came with
    another request, Conflict while that is under way. What is refused frees the key.
    """

    def made(deployment: Deployment) -> Route:
        route, keys = route_of(deployment), deployment.keys

        def call(request: Request, **parameters: str) -> Reply:
            sent = request.headers.get(HEADER)
            is_heeded = request.method == "POST" and not wants_dry_run(request)
            if sent is None or keys is None or not keys.is_on or not is_heeded:
                return route(request, **parameters)
            now = datetime.fromisoformat(deployment.clock.now())
            once = Once(_name(request, resource_type, sent), int(now.timestamp()))
            tenant, fingerprint = request.principal.tenant, _fingerprint(request)
            earlier = keys.begin(tenant, once, fingerprint)
            if earlier is not None:
                return _again(deployment, resource_type, request, earlier, fingerprint)
            directory = OnceDirectory(deployment.directory, once)
            return _first(keys, once, route_of(replace(deployment, directory=directory)), request)

        return call

    return made


def _first(keys: KeyStore, once: Once, route: Route, request: Request) -> Reply:
    tenant = request.principal.tenant
    try:
        reply = route(request)
    except BaseException:
        keys.forget(tenant, once)
        raise
    answer = {"status": reply.status, "headers": dict(reply.headers), "body": reply.body}
    keys.keep(tenant, once, answer)
    return reply


def _again(
    deployment: Deployment,
    resource_type: ResourceType,
    request: Request,
    earlier: Earlier,
    fingerprint: str,
) -> Reply:
    if earlier.fingerprint != fingerprint:
        raise KeyReused(
            "This Idempotency-Key came with another request before; use a new one for a new request."
        )
    if earlier.answer is not None:
        held = earlier.answer
        headers = cast(dict[str, str], held["headers"])
        return Reply(int(str(held["status"])), cast(dict[str, object], held["body"]), headers)
    if not earlier.made:
        raise Conflict("The request with this Idempotency-Key is under way; ask again later.")
    # It was made and the answer is not there: what can be told is what is there now.
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    key = Key(resource_type.name, earlier.made)
    found = endpoint.directory.read_latest(endpoint.tenant, [key])
    views = full_views(endpoint, [*found.values()], Projection.of(resource_type))
    body = views[0] if views else None
    return Reply(201, body, {"Location": endpoint.location_of(*key)})


def _name(request: Request, resource_type: ResourceType, sent: str) -> str:
    """Return what the key is kept under: nobody comes upon another caller's."""
    quoted = _QUOTED.fullmatch(sent.strip())
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else sent.strip()
    if not _PRINTED.fullmatch(key) or len(key) > LONGEST or (not quoted and '"' in key):
        raise InvalidValue(
            f"Idempotency-Key: expected a string in quotes of up to {LONGEST} printable characters."
        )
    caller = request.principal.owner or request.principal.token_id
    return sha256(f"{caller}\x00{resource_type.name}\x00{key}".encode()).hexdigest()


def _fingerprint(request: Request) -> str:
    query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    return sha256(request.body + b"\0" + query.encode()).hexdigest()
