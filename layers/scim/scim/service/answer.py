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
    """One page of a query, already projected (RFC 7644 section 3.4.2)."""

    resources: tuple[Mapping[str, object], ...]
    total: int
    start_index: int
    fired: frozenset[Tolerance] = frozenset()
