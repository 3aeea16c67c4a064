"""The route at which events are polled."""

from functools import partial

from scim.http.endpoints import events
from scim.http.endpoints.dry_run import refusing_dry_run
from scim.http.routes.resources import Routes
from scim.service.feed.poll import PolledFeed
from scim.service.visibility.deployment import Deployment


def event_routes(deployment: Deployment, change_feed: PolledFeed) -> Routes:
    return {"/Events": refusing_dry_run(partial(events.events, deployment, change_feed))}
