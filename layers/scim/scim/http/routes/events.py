"""The route at which events are polled."""

from functools import partial

from scim.http.endpoints import events
from scim.http.routes.resources import Routes
from scim.service.feed.poll import OpenFeed
from scim.service.visibility.deployment import Deployment


def event_routes(deployment: Deployment, changes: OpenFeed) -> Routes:
    return {"/Events": partial(events.events, deployment, changes)}
