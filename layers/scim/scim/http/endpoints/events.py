"""Events: security event tokens (SETs), delivered by polling (RFC 8936)."""

import re
from collections.abc import Mapping
from typing import Any

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotFound, NotImplementedHere
from scim.http.message.body import json_object
from scim.http.message.query import paging_number, refuse_filter
from scim.http.message.request import Request
from scim.http.message.response import Reply, list_reply
from scim.resource.record import Key
from scim.service.feed.events import edges_behind
from scim.service.feed.poll import MOST_SETS, Poll, PolledFeed, Stream
from scim.service.feed.positions import Seals
from scim.service.messages import Listing
from scim.service.visibility.deployment import Deployment

_NAME = re.compile(r"[A-Za-z0-9._:@-]{1,128}")


def events(
    deployment: Deployment,
    change_feed: PolledFeed,
    request: Request,
) -> Reply:
    """Serve `/Events`: POST takes acknowledgements and returns SETs.

    `since` in the URL, a delta token of the root, restarts the stream at that point. An event of a
    large change has only counts; GET at the event's `$ref` pages through the ids behind them.
    """
    if request.method not in ("GET", "POST"):
        raise MethodNotAllowed("Events are polled by POST.", ("GET", "POST"))
    caller = request.principal
    if caller.filters:
        raise Forbidden(
            "Events cover every resource, but these credentials see only a part; use delta queries."
        )
    feed = change_feed.feeds.of(caller.tenant)
    if not feed.is_on:
        raise NotImplementedHere("This tenant has no change feed.")
    if request.method == "GET":
        return _edges(deployment, change_feed, request)
    members = json_object(request, deployment.max_body_bytes) if request.body else {}
    poll = _poll(members)
    if "since" in request.query:
        # The seals belong to the tenant, so the endpoint of any type will do.
        endpoint = deployment.endpoint(
            caller, request.base_url, deployment.catalogue.stored_types[0]
        )
        since = Seals.of(endpoint).token_in(request.query["since"], feed.days)
        since.require_logged(change_feed.log.ends(caller.tenant))
        poll = Poll(poll.acknowledged, poll.most, since.positions)
    stream = Stream(
        change_feed,
        change_feed.poll_positions,
        deployment.catalogue,
        caller.tenant,
        caller.owner or caller.token_id,
        change_feed.issuer(caller.tenant),
        change_feed.sign,
        deployment.bounds.content_bytes,
    )
    polled = stream.polled(poll)
    body: dict[str, Any] = {"sets": polled.sets}
    answer = {**body, "moreAvailable": True} if polled.has_more else body
    return Reply(200, answer, {"Content-Type": "application/json"})  # RFC 8936 section 2.3


def _edges(deployment: Deployment, change_feed: PolledFeed, request: Request) -> Reply:
    """Return a page of the edges that one large change added or removed."""
    type_name, _, id_ = request.query.get("of", "").partition("/")
    journal = request.query.get("change", "")
    if not (_NAME.fullmatch(type_name) and _NAME.fullmatch(id_) and _NAME.fullmatch(journal)):
        raise InvalidValue("of, change: expected the values in the $ref of an event.")
    refuse_filter(request)
    start = paging_number(request, "startIndex", 1)
    count = deployment.bounds.page_of(paging_number(request, "count", deployment.bounds.page_size))
    edges = edges_behind(change_feed, request.principal.tenant, Key(type_name, id_), journal)
    if not edges:
        raise NotFound("There is no such change, or its ids are no longer kept.")
    return list_reply(Listing(tuple(edges[start - 1 : start - 1 + count]), len(edges), start))


def _poll(members: Mapping[str, object]) -> Poll:
    """Return the request as a poll (RFC 8936 section 2.2). Raises InvalidValue, which names the member."""
    most_sets, acknowledged = members.get("maxEvents", MOST_SETS), members.get("ack", [])
    if isinstance(most_sets, bool) or not isinstance(most_sets, int) or most_sets < 0:
        raise InvalidValue("maxEvents must be a whole number, at least 0.")
    errors_by_jti = members.get("setErrs", {})
    if not isinstance(acknowledged, list) or not all(isinstance(jti, str) for jti in acknowledged):
        raise InvalidValue("ack must be an array of jti values.")
    if not isinstance(errors_by_jti, dict):
        raise InvalidValue("setErrs must be an object with jti values as names.")
    # An event that the receiver reports as an error is not sent again (RFC 8936 section 2.6).
    return Poll(frozenset(acknowledged) | errors_by_jti.keys(), min(most_sets, MOST_SETS))
