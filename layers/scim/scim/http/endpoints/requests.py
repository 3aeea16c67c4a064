"""`/Requests`: the last requests of the caller's tenant."""

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotImplementedHere
from scim.http.message.query import refuse_filter
from scim.http.message.request import Request, whole_number
from scim.http.message.response import Reply, list_reply
from scim.http.request_log import RequestLogs
from scim.service.messages import Listing

USUAL, MOST = 100, 1000


def collection(request_logs: RequestLogs | None, request: Request) -> Reply:
    """Serve `/Requests`: GET lists the last `count` requests after the number `after`, oldest first."""
    if request.method != "GET":
        raise MethodNotAllowed("The request log supports only GET.", ("GET",))
    if request.principal.filters:
        raise Forbidden(
            "The request log covers every resource, but these credentials see only a part."
        )
    if request_logs is None:
        raise NotImplementedHere("This service keeps no requests (parameter RequestLog).")
    refuse_filter(request)
    after, count = _number(request, "after", 0), _number(request, "count", USUAL)
    entries = request_logs.after(request.principal.tenant, after, min(count, MOST))
    return list_reply(Listing(tuple(entries), len(entries), None))


def _number(request: Request, name: str, default: int) -> int:
    number = whole_number(name, request.query.get(name, str(default)))
    if number < 0:
        raise InvalidValue(f"{name}: expected a whole number that is not negative.")
    return number
