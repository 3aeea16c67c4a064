"""A record that belongs to a result, and the endpoint it was found at."""

from dataclasses import dataclass

from scim.resource.record import Record
from scim.service.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Hit:
    """One element of a result before it is shown."""

    endpoint: Endpoint
    record: Record
