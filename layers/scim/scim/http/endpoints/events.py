"""Events: security event tokens, got by polling (RFC 8936)."""

from collections.abc import Mapping
from typing import Any

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotImplementedHere
from scim.http.message.body import json_object
from scim.http.message.request import Request
from scim.http.message.response import Reply
from scim.service.feed.poll import AT_MOST, OpenFeed, Poll, Stream
from scim.service.feed.positions import Seals
from scim.service.visibility.deployment import Deployment


def events(
    deployment: Deployment,
    changes: OpenFeed,
    request: Request,
) -> Reply:
    """Serve `/Events`: POST takes acknowledgements and answers with SETs.

    `since` in the URL, a delta token of the root, begins there anew.
    """
    if request.method != "POST":
        raise MethodNotAllowed("Events are polled by POST.", ("POST",))
    caller = request.principal
    if caller.filters:
        raise Forbidden(
            "Events tell of every resource, these credentials see a part: use delta queries."
        )
    if not changes.feeds.of(caller.tenant).is_on:
        raise NotImplementedHere("This tenant has no change feed.")
    sent = json_object(request, deployment.max_body_bytes) if request.body else {}
    poll = _poll(sent)
    if "since" in request.query:
        # Any type's endpoint has the tenant's seals.
        endpoint = deployment.endpoint(
            caller, request.base_url, deployment.catalogue.stored_types[0]
        )
        since = Seals.of(endpoint).token_in(request.query["since"]).positions
        poll = Poll(poll.acknowledged, poll.most, since)
    stream = Stream(
        changes,
        changes.poll_positions,
        deployment.catalogue,
        caller.tenant,
        caller.owner or caller.token_id,
        request.base_url,
        changes.sign,
    )
    polled = stream.polled(poll)
    body: dict[str, Any] = {"sets": polled.sets}
    return Reply(200, {**body, "moreAvailable": True} if polled.has_more else body)


def _poll(sent: Mapping[str, object]) -> Poll:
    """Read the request (RFC 8936 section 2.2). Raises InvalidValue naming the member."""
    most, acknowledged = sent.get("maxEvents", AT_MOST), sent.get("ack", [])
    if isinstance(most, bool) or not isinstance(most, int) or most < 0:
        raise InvalidValue("maxEvents must be a whole number from 0 up.")
    errors = sent.get("setErrs", {})
    if not isinstance(acknowledged, list) or not all(isinstance(a, str) for a in acknowledged):
        raise InvalidValue("ack must be an array of jti values.")
    if not isinstance(errors, dict):
        raise InvalidValue("setErrs must be an object with jti values as names.")
    # What a receiver cannot use it is not sent again (RFC 8936 section 2.6).
    return Poll(frozenset(acknowledged) | errors.keys(), min(most, AT_MOST))
