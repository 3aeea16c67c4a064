"""`/Audit`: the changes and refusals in the caller's tenant, and the acts of administrators on it."""

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed
from scim.http.message.query import refuse_filter
from scim.http.message.request import Request, whole_number
from scim.http.message.response import Reply, list_reply
from scim.schema.catalogue import Catalogue
from scim.service.audit import AuditFilter, AuditTrail, audited
from scim.service.audit_entry import without_hidden_values
from scim.service.messages import Listing

USUAL, MOST = 100, 1000
KINDS = ("", "change", "refusal", "act")


def collection(trail: AuditTrail, catalogue: Catalogue, request: Request) -> Reply:
    """Serve `/Audit`: GET lists entries, newest first; `cursor` continues after a page.

    `since`, `until`, `resource`, `principal` and `kind` select entries.
    """
    if request.method != "GET":
        raise MethodNotAllowed("The audit supports only GET.", ("GET",))
    if request.principal.filters:
        raise Forbidden("The audit covers every resource, but these credentials see only a part.")
    refuse_filter(request)
    query = request.query
    if query.get("kind", "") not in KINDS:
        raise InvalidValue(f"kind: expected one of {', '.join(KINDS[1:])}.")
    names = ("since", "until", "resource", "principal", "kind")
    audit_filter = AuditFilter(**{name: query[name] for name in names if name in query})
    cursor = query.get("cursor", "")
    entries, next_cursor = audited(
        trail, request.principal.tenant, audit_filter, cursor, _count(request)
    )
    resources = tuple(without_hidden_values(entries, catalogue))
    return list_reply(Listing(resources, len(resources), None, next_cursor=next_cursor or None))


def _count(request: Request) -> int:
    count = whole_number("count", request.query.get("count", str(USUAL)))
    if not 1 <= count <= MOST:
        raise InvalidValue(f"count: expected a whole number from 1 to {MOST}.")
    return count
