"""Routes an event to its handler, and turns replies and errors into answers of the gateway."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from scim.errors import InternalError, ScimError, TooManyRequests, Unavailable
from scim.http.access import NOBODY, AccessCheck, nothing_here
from scim.http.dialect.answers import PLAIN, Asked, rendered, rendered_refusal
from scim.http.message.path import RoutedPath, routed_path
from scim.http.message.request import (
    Request,
    Route,
    TimeLeft,
    request_of,
    time_left,
    unknown_caller,
)
from scim.http.message.response import Reply
from scim.http.refusal import client_kind, reason_of
from scim.http.request_log import AnsweredLog
from scim.http.tenant_api import TENANT_APIS, TenantApi, TenantApis, TenantKey
from scim.http.tolerance import ToleranceReport
from scim.mount import MOUNT
from scim.profile import Profile
from scim.service.metrics import of_request

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation

logger = Logger()


class Responder:
    """Makes the gateway's answer of a reply."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def response(self, reply: Reply, asked: Asked) -> Response[str]:
        """Return the answer to a request."""
        is_plain = self._profile.wire == PLAIN
        return _response(reply if is_plain else rendered(self._profile, asked, reply))

    def unknown_path(self, _: NotFoundError) -> Response[str]:
        """Answer what no route serves."""
        return self.refused(nothing_here())

    def refused(self, error: ScimError) -> Response[str]:
        """Answer a refusal."""
        return _response(rendered_refusal(self._profile.wire, error))

    def failed(self, error: Exception) -> Response[str]:
        """The one broad catch: the traceback goes to the log, nothing of it to the client."""
        logger.error("unexpected error", exc_info=error)
        return self.refused(InternalError("The request could not be served."))


def _response(shown: Reply) -> Response[str]:
    return Response(
        status_code=shown.status,
        content_type=shown.content_type,
        headers={"Cache-Control": "no-store", **shown.headers},
        body=shown.text,
    )


@dataclass(slots=True)
class Notes:
    """What is learned of a request on its way, for its line in the log."""

    rule: str = "/"
    tolerated: Sequence[str] = ()
    refused: Mapping[str, object] | None = None
    operations: "Sequence[PatchOperation]" = ()


_ALWAYS = frozenset({"method", "route", "status", "milliseconds", "tenant", "token", "request"})
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
HEAD = "HEAD"
COST_HEADER = "X-SCIM-Cost"
DEPRECATION_HEADER = "Deprecation"
"""RFC 9745 section 2."""
_CAME, _PATH, _NOTES = "scim.came", "scim.way", "scim.notes"
"""Where an event carries itself as it came in, the way it goes, and what the log shall say of it."""
_PARAMETER = re.compile(r"<(\w+?)_?>")

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def application(
    base_url: str,
    apis: TenantApis,
    cost: Callable[[], str] | None = None,
    access_check: AccessCheck | None = None,
    tolerance_report: ToleranceReport | None = None,
    began: Callable[[TimeLeft], None] | None = None,
    measured_by: Sequence[Sequence[str]] = (),
    logs: Sequence[AnsweredLog] = (),
) -> Handler:
    """Return the Lambda handler that serves each tenant its API, all methods of each route.

    A handler refuses the methods it does not serve. `base_url` is the configured one, or
    empty; `cost` tells what the store has used since it was last asked; without an `access_check` of
    its own nobody is too fast, permissions are checked all the same; `tolerated` counts what
    it took to understand requests; `began` is told how long each request may take; requests are
    metrics with the dimensions `measured_by`, none without; `logs` hear of them when they are answered. Raises UndeclaredRoute for a rule that needs no permission anybody could have.
    """
    own_gate = access_check or AccessCheck()

    def guarded(rule: str, route: Route) -> Route:
        known = own_gate.guarded(rule, route)
        return known if tolerance_report is None else tolerance_report.telling(known)

    @lru_cache(maxsize=TENANT_APIS)
    def served(api: TenantApi) -> APIGatewayRestResolver:
        return _resolver(base_url, api, guarded)

    # What nearly everybody asks for is made before anybody waits for it.
    served(apis(TenantKey("", "")))

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        if cost is not None:
            cost()
        if began is not None:
            began(time_left(event, context))
        notes = Notes()
        answer = _answer(_as_get(event), context, apis, served, notes)
        spent = cost() if cost is not None else ""
        if spent:
            answer.setdefault("multiValueHeaders", {})[COST_HEADER] = [spent]
        seconds = time.perf_counter() - started
        told = _log(event, answer, seconds, notes, measured_by)
        is_refused = int(answer.get("statusCode") or 500) >= 400
        for log in logs:
            if log.only_refusals and not is_refused:
                continue
            log.note(event, told, notes.operations, spent)
        return answer if event.get("httpMethod") != HEAD else {**answer, "body": ""}

    return handler


def _as_get(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what to answer a HEAD as: a GET, whose body is left out (RFC 9110 section 9.3.2)."""
    return {**event, "httpMethod": "GET"} if event.get("httpMethod") == HEAD else event


def _answer(
    event: Mapping[str, Any],
    context: Any,
    apis: TenantApis,
    served: Callable[[TenantApi], APIGatewayRestResolver],
    notes: "Notes",
) -> dict[str, Any]:
    try:
        api = apis(TenantKey.of(event))
        resolver = served(api)
    except Exception as error:  # noqa: BLE001 - a tenant's broken definitions are its own
        return _unserved(error).resolve(dict(event), context)
    path = routed_path(event, api.profile.routing, api.routes)
    carried = {"path": path.below, _CAME: event, _PATH: path, _NOTES: notes}
    answer = resolver.resolve({**event, **carried}, context)
    if path.deprecated is not None:
        answer.setdefault("multiValueHeaders", {})[DEPRECATION_HEADER] = [path.deprecated]
    return answer


def _unserved(error: Exception) -> APIGatewayRestResolver:
    """Return what answers every request of a tenant that cannot be served."""
    resolver, responder = APIGatewayRestResolver(), Responder(Profile())
    passes = error if isinstance(error, Unavailable | TooManyRequests) else None
    resolver.not_found(lambda _: responder.refused(passes) if passes else responder.failed(error))
    return resolver


def _resolver(
    base_url: str, api: TenantApi, guarded: Callable[[str, Route], Route]
) -> APIGatewayRestResolver:
    resolver, responder = APIGatewayRestResolver(), Responder(api.profile)
    resolver.not_found(_unknown_path(resolver, responder))
    resolver.exception_handler(ScimError)(_refused(resolver, responder, api))
    resolver.exception_handler(Exception)(responder.failed)
    for rule, route in api.routes.items():
        served = _routed(resolver, responder, base_url, api, rule, guarded(rule, route))
        resolver.route(rule, method=METHODS)(served)
    return resolver


def _refused(
    resolver: APIGatewayRestResolver, responder: Responder, api: TenantApi
) -> Callable[[ScimError], Response[str]]:
    """Return what answers a refusal, and notes why."""

    def call(error: ScimError) -> Response[str]:
        notes: Notes = resolver.current_event.raw_event[_NOTES]
        notes.refused = reason_of(error, api.catalogue)
        return responder.refused(error)

    return call


def _unknown_path(
    resolver: APIGatewayRestResolver, responder: Responder
) -> Callable[[NotFoundError], Response[str]]:
    """Return what answers a path no route serves; to a stranger it is like any other."""

    def call(error: NotFoundError) -> Response[str]:
        if not TenantKey.of(resolver.current_event.raw_event).tenant:
            return responder.refused(unknown_caller())
        return responder.unknown_path(error)

    return call


def _routed(
    resolver: APIGatewayRestResolver,
    responder: Responder,
    base_url: str,
    api: TenantApi,
    rule: str,
    route: Route,
) -> Callable[..., Any]:
    endpoint = f"/{rule.removeprefix('/').partition('/')[0]}"
    location_base = api.profile.routing.location_base
    nobody = NOBODY if api.profile.auth.open_discovery else None
    mounts = (MOUNT, *api.profile.routing.mounts)

    operation = _PARAMETER.sub(r"{\1}", rule)

    def call(**parameters: str) -> Response[str]:
        event = resolver.current_event.raw_event
        notes: Notes = event[_NOTES]
        notes.rule = operation
        came = request_of(event[_CAME], base_url, mounts, nobody=nobody)
        request = replace(
            came,
            time_left=time_left(event, resolver.lambda_context),
            path_tenant=event[_PATH].tenant,
            base_url=_base_of(came, event[_PATH]) if location_base is None else location_base,
        )
        decoded = {name: unquote(value) for name, value in parameters.items()}
        asked = Asked(endpoint, request.method, request.query)
        reply = route(request, **decoded)
        notes.tolerated, notes.operations = sorted(reply.tolerated), reply.operations
        return responder.response(reply, asked)

    return call


def _base_of(came: Request, path: RoutedPath) -> str:
    """Return what locations begin with: a tenant behind the mount stays there."""
    is_behind = path.tenant is not None and came.path_tenant is None
    return f"{came.base_url}/{path.tenant}" if is_behind else came.base_url


def _log(
    event: Mapping[str, Any],
    answer: Mapping[str, Any],
    seconds: float,
    notes: Notes,
    measured_by: Sequence[Sequence[str]],
) -> Mapping[str, object]:
    """Write one line a request, free of names, filters, bodies and credentials; return it."""
    context = event.get("requestContext") or {}
    authorizer = context.get("authorizer") or {}
    headers = event.get("headers") or {}
    agent = next((str(v) for name, v in headers.items() if name.lower() == "user-agent"), "")
    status, method = int(answer.get("statusCode") or 500), event.get("httpMethod")
    line = {
        "method": method,
        "route": event.get("resource"),
        "operation": f"{method} {notes.rule}",
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "tenant": authorizer.get("tenant"),
        "token": authorizer.get("tokenId"),
        "profile": authorizer.get("profile"),
        "client": client_kind(agent),
        "tolerated": notes.tolerated,
        "refused": notes.refused,
        "request": context.get("requestId"),
    }
    kept = {name: value for name, value in line.items() if value or name in _ALWAYS}
    counted = of_request(status, measured_by) if measured_by else {}
    logger.info("request", extra={**kept, **counted})
    return kept
