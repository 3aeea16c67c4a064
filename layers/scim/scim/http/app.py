"""Routes an event to its handler and turns every error into a SCIM answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from scim.errors import ScimError
from scim.http.deadline import time_left
from scim.http.gate import Gate, Route, nothing_here
from scim.http.reply import Reply, refusal
from scim.http.request import Request, path_of, request_of

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
COST_HEADER = "X-SCIM-Cost"

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]

logger = Logger()


class InternalError(ScimError):
    """Something is wrong on this side; the log says what, the answer does not."""


def application(
    base_url: str,
    routes: Mapping[str, Route],
    cost: Callable[[], str] | None = None,
    gate: Gate | None = None,
) -> Handler:
    """Return the Lambda handler that serves the routes, all methods of each.

    A route's rule is a path below `/scim/v2` with parameters as `<name>`; a handler
    refuses the methods it does not serve. `base_url` is the configured one, or empty;
    `cost` tells what the store has used since it was last asked; without a `gate` of its
    own nobody is too fast, permissions are checked all the same. Raises UndeclaredRoute
    for a rule that needs no permission anybody could have.
    """
    gate = gate or Gate()
    resolver = APIGatewayRestResolver()
    resolver.not_found(_unknown_path)
    resolver.exception_handler(ScimError)(_refused)
    resolver.exception_handler(Exception)(_failed)
    for rule, route in routes.items():
        guarded = gate.guarded(rule, route)
        resolver.route(rule, method=METHODS)(_routed(resolver, base_url, guarded))

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        if cost is not None:
            cost()
        answer = resolver.resolve({**event, "path": path_of(event)}, context)
        if cost is not None:
            answer.setdefault("multiValueHeaders", {})[COST_HEADER] = [cost()]
        _log(event, answer, time.perf_counter() - started)
        return answer

    return handler


def _routed(resolver: APIGatewayRestResolver, base_url: str, route: Route) -> Callable[..., Any]:
    def call(**parameters: str) -> Response[str]:
        event = resolver.current_event.raw_event
        watch = time_left(event, resolver.lambda_context)
        request: Request = replace(request_of(event, base_url), time_left=watch)
        decoded = {name: unquote(value) for name, value in parameters.items()}
        return _response(route(request, **decoded))

    return call


def _response(reply: Reply) -> Response[str]:
    return Response(
        status_code=reply.status,
        content_type=reply.content_type,
        headers={"Cache-Control": "no-store", **reply.headers},
        body=reply.text,
    )


def _unknown_path(_: NotFoundError) -> Response[str]:
    return _response(refusal(nothing_here()))


def _refused(error: ScimError) -> Response[str]:
    return _response(refusal(error))


def _failed(error: Exception) -> Response[str]:
    """The one broad catch: the traceback goes to the log, nothing of it to the client."""
    logger.error("unexpected error", exc_info=error)
    return _response(refusal(InternalError("The request could not be served.")))


def _log(event: Mapping[str, Any], answer: Mapping[str, Any], seconds: float) -> None:
    """Write one line a request, free of names, filters, bodies and credentials."""
    context = event.get("requestContext") or {}
    authorizer = context.get("authorizer") or {}
    logger.info(
        "request",
        extra={
            "method": event.get("httpMethod"),
            "route": event.get("resource"),
            "status": answer.get("statusCode"),
            "milliseconds": round(seconds * 1000, 1),
            "tenant": authorizer.get("tenant"),
            "token": authorizer.get("tokenId"),
            "request": context.get("requestId"),
        },
    )
