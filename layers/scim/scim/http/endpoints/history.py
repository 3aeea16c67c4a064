"""`/Audit` and `/Requests`: what was changed, refused and requested in the caller's tenant."""

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotImplementedHere
from scim.http.message.query import refuse_filter
from scim.http.message.request import Request, whole_number
from scim.http.message.response import Reply, list_reply
from scim.http.request_log import RequestLogs
from scim.schema.catalogue import Catalogue
from scim.service.audit import AuditFilter, AuditTrail, audited
from scim.service.audit_entry import without_hidden_values
from scim.service.messages import Listing

USUAL, MOST = 100, 1000
KINDS = ("", "change", "refusal", "act")


def audit(trail: AuditTrail, catalogue: Catalogue, request: Request) -> Reply:
    """Serve `/Audit`: GET lists entries, newest first; `cursor` continues after a page.

    `since`, `until`, `resource`, `principal` and `kind` select entries.
    """
    _require_readable("audit", request)
    refuse_filter(request)
    query = request.query
    if query.get("kind", "") not in KINDS:
        raise InvalidValue(f"kind: expected one of {', '.join(KINDS[1:])}.")
    names = ("since", "until", "resource", "principal", "kind")
    audit_filter = AuditFilter(**{name: query[name] for name in names if name in query})
    cursor = query.get("cursor", "")
    entries, next_cursor = audited(
        trail, request.principal.tenant, audit_filter, cursor, _page_size(request)
    )
    resources = tuple(without_hidden_values(entries, catalogue))
    return list_reply(Listing(resources, len(resources), None, next_cursor=next_cursor or None))


def requests(request_logs: RequestLogs | None, request: Request) -> Reply:
    """Serve `/Requests`: GET lists the last `count` requests after the number `after`, oldest first."""
    _require_readable("request log", request)
    if request_logs is None:
        raise NotImplementedHere("This service keeps no requests (parameter RequestLog).")
    refuse_filter(request)
    after, count = _number(request, "after", 0), _number(request, "count", USUAL)
    entries = request_logs.after(request.principal.tenant, after, min(count, MOST))
    return list_reply(Listing(tuple(entries), len(entries), None))


def _require_readable(subject: str, request: Request) -> None:
    if request.method != "GET":
        raise MethodNotAllowed(f"The {subject} supports only GET.", ("GET",))
    if request.principal.filters:
        raise Forbidden(
            f"The {subject} covers every resource, but these credentials see only a part."
        )


def _page_size(request: Request) -> int:
    count = whole_number("count", request.query.get("count", str(USUAL)))
    if not 1 <= count <= MOST:
        raise InvalidValue(f"count: expected a whole number from 1 to {MOST}.")
    return count


def _number(request: Request, name: str, default: int) -> int:
    number = whole_number(name, request.query.get(name, str(default)))
    if number < 0:
        raise InvalidValue(f"{name}: expected a whole number that is not negative.")
    return number
