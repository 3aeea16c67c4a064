"""A record that belongs to a result, and where in the result it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scim.resource.record import Record
from scim.service.endpoint import Endpoint

Position = tuple[str, ...]
"""Where a hit stands in the order of its walk; the first part names the walk's segment."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One element of a result; `shown` is what the client sees of it, once that is known."""

    endpoint: Endpoint
    record: Record
    position: Position = ()
    shown: Mapping[str, object] = field(default_factory=dict)
