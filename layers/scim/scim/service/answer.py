"""What a use case answers: a representation, its version and place, and what was tolerated."""

from collections.abc import Mapping
from dataclasses import dataclass

from scim.profile import Tolerance


@dataclass(frozen=True, slots=True)
class Answer:
    """One resource after a use case; `resource` is None where the answer has no body.

    `is_unmodified` asks for 304 instead of the body.
    """

    resource: Mapping[str, object] | None
    etag: str
    location: str
    fired: frozenset[Tolerance] = frozenset()
    is_unmodified: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a query, already projected (RFC 7644 section 3.4.2).

    `start_index` is None on a page that was asked for by cursor (RFC 9865), `explanation` how
    the query was answered where that was asked for.
    """

    resources: tuple[Mapping[str, object], ...]
    total: int
    start_index: int | None
    fired: frozenset[Tolerance] = frozenset()
    next_cursor: str | None = None
    previous_cursor: str | None = None
    explanation: Mapping[str, object] | None = None
