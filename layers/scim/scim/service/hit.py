"""A record that belongs to a result, and where in the result it stands."""

from dataclasses import dataclass

from scim.resource.record import Record
from scim.service.endpoint import Endpoint

Position = tuple[str, ...]
"""Where a hit stands in the order of its walk; the first part names the walk's segment."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One element of a result before it is shown."""

    endpoint: Endpoint
    record: Record
    position: Position = ()
