"""Routes an event to its handler, and converts replies and errors to the gateway's responses."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from scim.compact import carried_bytes
from scim.errors import InternalError, ScimError, TooMany, TooManyRequests, Unavailable
from scim.http.access import NOBODY, AccessCheck, refuse_unserved_path
from scim.http.dialect.answers import PLAIN_WIRE, RequestSummary, rendered, rendered_refusal
from scim.http.log_lines import RequestLine, RequestLines, client_kind, repeated
from scim.http.message.path import PathRules, RoutedPath, routed_path
from scim.http.message.request import (
    Request,
    TimeLeft,
    has_filters,
    request_of,
    time_left_of,
)
from scim.http.message.response import Reply
from scim.http.request_log import AnsweredLog
from scim.http.tenant_api import TENANT_APIS, TenantApi, TenantApis, TenantKey
from scim.http.tolerance import ToleranceReport
from scim.log import logger
from scim.mount import MOUNT
from scim.profile import Profile

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation


class Responder:
    """Converts an error to a reply in the form that the profile's clients expect."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def refused(self, error: ScimError) -> Reply:
        """Return the refusal that the error stands for; HEAD is allowed wherever GET is."""
        reply = rendered_refusal(self._profile.wire, error)
        if "Allow" not in reply.headers:
            return reply
        allowed = reply.headers["Allow"].replace("GET", f"GET, {HEAD}")
        return replace(reply, headers={**reply.headers, "Allow": allowed})

    def failed(self, error: Exception) -> Reply:
        """Log the traceback of an unexpected error; return a reply that does not reveal the cause."""
        logger().error("unexpected error", exc_info=error)
        return self.refused(InternalError("The request could not be served."))


def answer_of(reply: Reply) -> dict[str, Any]:
    """Return the reply as the response of a Lambda proxy integration."""
    headers = {"Cache-Control": ["no-store"]}
    for name, value in reply.headers.items():
        headers[name] = [value]
    if (content_type := reply.content_type) is not None:
        headers["Content-Type"] = [content_type]
    return {
        "statusCode": reply.status,
        "body": reply.text,
        "isBase64Encoded": False,
        "multiValueHeaders": headers,
    }


LARGEST_BODY: Final = 6_291_556 - 16_384
"""The most bytes of a body as `carried_bytes` counts them: Lambda's limit of a response, less room for the headers."""


def returnable(answer: dict[str, Any], method: object, path: str) -> dict[str, Any]:
    """Return the answer if Lambda can return it, and 204 in place of a resource that is too large after PUT or PATCH.

    Pages end early, so this concerns single resources: a user in very many groups. Raises TooMany for a read.
    """
    text = answer["body"]
    if len(text) <= LARGEST_BODY // 4 or carried_bytes(text) <= LARGEST_BODY:
        return answer
    if method in ("PUT", "PATCH"):
        left_out = ("Content-Type", "Content-Location")
        headers = answer["multiValueHeaders"].items()
        kept = {name: values for name, values in headers if name not in left_out}
        return {**answer, "statusCode": 204, "body": "", "multiValueHeaders": kept}
    if method == "GET" or path.lower().endswith("search"):
        raise TooMany(
            "The response would be larger than the service can return. Leave out what is large,"
            " for example with excludedAttributes=groups."
        )
    return answer


@dataclass(slots=True)
class Notes:
    """Collects facts about a request while it is served, for its line in the log."""

    rule: str = "/"
    tolerated: Sequence[str] = ()
    refused: Mapping[str, object] | None = None
    refused_operations: Mapping[str, object] | None = None
    operations: "Sequence[PatchOperation]" = ()


METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
HEAD = "HEAD"
COST_HEADER = "X-SCIM-Cost"
DEPRECATION_HEADER = "Deprecation"
"""RFC 9745 section 2."""
_PARAMETER = re.compile(r"<(\w+?)_?>")

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def application(
    base_url: str,
    apis: TenantApis,
    read_cost: Callable[[], str] | None = None,
    access_check: AccessCheck | None = None,
    tolerance_report: ToleranceReport | None = None,
    on_start: Callable[[TimeLeft], None] | None = None,
    logs: Sequence[AnsweredLog] = (),
    request_lines: RequestLines | None = None,
) -> Handler:
    """Return the Lambda handler that serves each tenant its API, all methods of each route.

    Each route refuses the methods that it does not serve. `base_url` is the configured one, or
    empty. `read_cost` returns what the store has used since the previous call. Without an
    `access_check`, permissions are checked but no rate is limited. `tolerance_report` counts
    tolerances. `on_start` is called with the time left for each request, `logs` are notified of each
    response, and `request_lines` writes the log line. Raises UndeclaredRoute for a rule without a permission.
    """
    check, line_writer = access_check or AccessCheck(), request_lines or RequestLines()

    @lru_cache(maxsize=TENANT_APIS)
    def served_api(api: TenantApi) -> "ServedApi":
        return ServedApi(base_url, api, check, tolerance_report)

    # Build the API that nearly all tenants share before the first request.
    served_api(apis(TenantKey("", "")))

    def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        start = time.perf_counter()
        if read_cost is not None:
            read_cost()
        time_left = time_left_of(event, context)
        if on_start is not None:
            on_start(time_left)
        notes = Notes()
        answer = _answer(_as_get(event), time_left, apis, served_api, notes)
        cost = read_cost() if read_cost is not None else ""
        if cost and not has_filters(event):
            answer.setdefault("multiValueHeaders", {})[COST_HEADER] = [cost]
        status = int(answer.get("statusCode") or 500)
        line = _request_line(event, status, time.perf_counter() - start, notes)
        line_writer.write(line, status)
        for log in logs:
            if log.only_refusals and status < 400:
                continue
            log.note(event, line.shown_members, notes.operations, cost)
        return answer if event.get("httpMethod") != HEAD else {**answer, "body": ""}

    return handler


def _as_get(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a HEAD event as a GET; the caller omits the response body (RFC 9110 section 9.3.2)."""
    return {**event, "httpMethod": "GET"} if event.get("httpMethod") == HEAD else event


def _answer(
    event: Mapping[str, Any],
    time_left: TimeLeft,
    apis: TenantApis,
    served_api: "Callable[[TenantApi], ServedApi]",
    notes: Notes,
) -> dict[str, Any]:
    try:
        api = served_api(apis(TenantKey.of(event)))
    except Exception as error:  # noqa: BLE001 - a tenant's broken definitions affect only that tenant
        responder = Responder(Profile())
        if isinstance(error, Unavailable | TooManyRequests):
            from scim.http.refusal import reason_of  # noqa: PLC0415 - needed only for refusals

            notes.refused = reason_of(error, None)
            return answer_of(responder.refused(error))
        return answer_of(responder.failed(error))
    return api.answer(event, time_left, notes)


class ServedApi:
    """The API of a tenant: finds the route of a request and returns its response, also for errors."""

    def __init__(
        self,
        base_url: str,
        api: TenantApi,
        access_check: AccessCheck,
        tolerance_report: ToleranceReport | None,
    ) -> None:
        routing = api.profile.routing
        self._api, self._base_url, self._location_base = api, base_url, routing.location_base
        self._responder = Responder(api.profile)
        self._is_plain = api.profile.wire == PLAIN_WIRE
        self._mounts = (MOUNT, *routing.mounts)
        self._nobody = NOBODY if api.profile.auth.open_discovery else None
        self._rules = PathRules(api.routes)
        self._tolerances = tolerance_report
        self._routes = {
            rule: access_check.guarded(rule, route) for rule, route in api.routes.items()
        }
        self._operations = {rule: _PARAMETER.sub(r"{\1}", rule) for rule in api.routes}

    def answer(self, event: Mapping[str, Any], time_left: TimeLeft, notes: Notes) -> dict[str, Any]:
        """Return the gateway's response; refusals and failures are responses too."""
        routed = routed_path(event, self._api.profile.routing, self._api.routes)
        try:
            reply = self._reply(event, time_left, routed, notes)
            answer = returnable(answer_of(reply), event.get("httpMethod"), routed.api_path)
        except ScimError as error:
            from scim.http.refusal import reason_of  # noqa: PLC0415 - needed only for refusals

            notes.refused = reason_of(error, self._api.catalogue)
            answer = answer_of(self._responder.refused(error))
        except Exception as error:  # noqa: BLE001 - Responder.failed logs it
            answer = answer_of(self._responder.failed(error))
        if routed.deprecated is not None:
            answer["multiValueHeaders"][DEPRECATION_HEADER] = [routed.deprecated]
        return answer

    def _reply(
        self, event: Mapping[str, Any], time_left: TimeLeft, routed: RoutedPath, notes: Notes
    ) -> Reply:
        match = self._rules.match(routed.api_path) if event.get("httpMethod") in METHODS else None
        if match is None:
            refuse_unserved_path(TenantKey.of(event).tenant)
        rule, parameters = match
        notes.rule = self._operations[rule]
        request = request_of(
            event, self._base_url, self._mounts, nobody=self._nobody, time_left=time_left
        )
        base_url = _base_of(request, routed) if self._location_base is None else self._location_base
        if request.path_tenant != routed.tenant or request.base_url != base_url:
            request = replace(request, path_tenant=routed.tenant, base_url=base_url)
        for name, value in parameters.items():
            if "%" in value:
                parameters[name] = unquote(value)
        reply = self._routes[rule](request, **parameters)
        if reply.tolerated:
            notes.tolerated = sorted(reply.tolerated)
            if self._tolerances is not None:
                reply = self._tolerances.report(request.principal.tenant, reply)
        notes.operations = reply.operations
        notes.refused_operations = reply.refused_operations
        if self._is_plain:
            return reply
        endpoint = f"/{rule.removeprefix('/').partition('/')[0]}"
        sent = RequestSummary(endpoint, request.method, request.query, rule.endswith("/.delta"))
        return rendered(self._api.profile, sent, reply)


def _base_of(request: Request, routed: RoutedPath) -> str:
    """Return the base URL of locations, with the tenant if the path names it after the mount."""
    is_behind = routed.tenant is not None and request.path_tenant is None
    return f"{request.base_url}/{routed.tenant}" if is_behind else request.base_url


def _request_line(
    event: Mapping[str, Any], status: int, seconds: float, notes: Notes
) -> RequestLine:
    """Return the log line of a request. It contains no names, filters, bodies or credentials."""
    context = event.get("requestContext") or {}
    authorizer = context.get("authorizer") or {}
    agent = (context.get("identity") or {}).get("userAgent")
    shared_members = repeated(
        event.get("httpMethod"),
        event.get("resource"),
        notes.rule,
        authorizer.get("tenant"),
        authorizer.get("tokenId"),
        authorizer.get("profile"),
        client_kind(str(agent or "")),
    )
    own_members = {
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "request": context.get("requestId"),
    }
    if notes.tolerated:
        own_members["tolerated"] = notes.tolerated
    if notes.refused:
        own_members["refused"] = notes.refused
    if notes.refused_operations:
        own_members["refusedOperations"] = notes.refused_operations
    return RequestLine(shared_members, own_members)
