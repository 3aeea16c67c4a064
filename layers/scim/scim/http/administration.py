"""The HTTP side of administration, for requests signed with AWS credentials (docs/administration.md)."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from scim.errors import Forbidden, InternalError, ScimError
from scim.http.message.body import json_object
from scim.http.message.request import Request, TimeLeft, time_left_of, vouched_request
from scim.http.message.response import Reply, refusal
from scim.log import log_not_served, logger
from scim.service.administration.operations import performed
from scim.service.administration.ports import Actor, Administration, OperationResult

ROOT: Final = "/admin/v1"
OPENAPI: Final = f"{ROOT}/openapi.json"

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def administration_handler(
    administration: Administration,
    openapi_document: Callable[[], Mapping[str, Any]],
    max_bytes: int,
    on_start: Callable[[TimeLeft], None],
) -> Handler:
    """Return the Lambda handler of the routes at which the gateway accepts only signed requests.

    A body has at most `max_bytes`; `on_start` is called with the time left for each request.
    """

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        on_start(time_left_of(event, context))
        reply = _reply(administration, openapi_document, max_bytes, event)
        identity = (event.get("requestContext") or {}).get("identity") or {}
        line = {
            "method": event.get("httpMethod"),
            "status": reply.status,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "actor": identity.get("userArn"),
            "request": (event.get("requestContext") or {}).get("requestId"),
        }
        logger().info("administration", extra=line)
        return _answer(reply)

    return handler


def _reply(
    administration: Administration,
    openapi_document: Callable[[], Mapping[str, Any]],
    max_bytes: int,
    event: Mapping[str, Any],
) -> Reply:
    try:
        actor = _actor(event)
        path = str(event.get("path") or "")
        if path == OPENAPI and event.get("httpMethod") == "GET":
            return Reply(200, openapi_document())
        request = vouched_request(event)
        parameters = {**request.query, **_body(request, max_bytes)}
        return _shown(
            performed(administration, actor, request.method, path.removeprefix(ROOT), parameters)
        )
    except ScimError as error:
        log_not_served(error)
        return refusal(error)
    except Exception:  # noqa: BLE001 - it is logged
        logger().exception("unexpected error")
        return refusal(InternalError("The request could not be served."))


def _actor(event: Mapping[str, Any]) -> Actor:
    """Return the IAM principal; raises Forbidden when the gateway's event does not name one."""
    context = event.get("requestContext") or {}
    identity = context.get("identity") or {}
    if not identity.get("userArn"):
        raise Forbidden("Sign the request with AWS credentials (Signature Version 4).")
    address, request_id = identity.get("sourceIp"), context.get("requestId")
    return Actor(str(identity["userArn"]), str(address or ""), str(request_id or ""))


def _body(request: Request, max_bytes: int) -> Mapping[str, object]:
    return json_object(request, max_bytes) if request.body else {}


def _shown(done: OperationResult) -> Reply:
    notes = {"notes": list(done.notes)} if done.notes else {}
    return Reply(done.status, {**done.body, **notes})


def _answer(reply: Reply) -> dict[str, Any]:
    headers = {"Cache-Control": "no-store", **reply.headers, "Content-Type": "application/json"}
    return {
        "statusCode": reply.status,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "body": reply.text,
        "isBase64Encoded": False,
    }
