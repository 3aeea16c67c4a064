"""Pages: a part of a list in key order, and where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from scim.resource.record import Edge, Record


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records in id order; `after` is the id to go on behind, None at the end."""

    records: Sequence[Record]
    after: str | None


@dataclass(frozen=True, slots=True)
class EdgePage:
    """Some edges in target-id order; `after` is the target id to go on behind, None at the end."""

    edges: Sequence[Edge]
    after: str | None
