"""Pages of a walk: what those by startIndex and those by cursor have in common."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scim.service.endpoint import Endpoint
from scim.service.messages import Query
from scim.service.query.hit import Hit
from scim.service.query.walk import Walk


@dataclass(frozen=True, slots=True)
class Page:
    """The hits of a page, and what the client is told of the walk around it."""

    hits: tuple[Hit, ...]
    total: int
    start_index: int | None = None
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """A walk cut into pages; `name` is the same for all requests of one walk.

    Times are in seconds since 1970; `end` is when what is remembered now may be forgotten.
    """

    endpoint: Endpoint
    walk: Walk
    name: str
    now: int
    end: int


def pages_of(endpoints: Sequence[Endpoint], query: Query, walk: Walk) -> Pages:
    """Return the walk ready to be cut into pages."""
    endpoint = endpoints[0]
    now = int(datetime.fromisoformat(endpoint.clock.now()).timestamp())
    types = [each.resource_type.name for each in endpoints]
    # The page's size and the projection may change on the way: they move nothing.
    told = [types, query.filter, query.sort_by, query.sort_order, walk.order]
    if query.domain is not None:
        told.append(query.domain)
    name = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
    return Pages(endpoint, walk, name, now, now + endpoint.bounds.cursor_seconds)
