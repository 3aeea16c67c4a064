"""What a tenant wants to be kept of its last requests, where the deployment keeps any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

IS_ON: Final = "on"
BODIES_UNTIL: Final = "bodiesUntil"
BODY_SECONDS: Final = 3600
"""How long a request is kept with its body, at most."""


@dataclass(frozen=True, slots=True)
class RequestsKept:
    """Whether requests are kept, and until when with their bodies, in seconds since 1970."""

    is_on: bool = True
    bodies_until: int = 0

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> Self:
        """Return what a tenant has settled; what it has not is the deployment's."""
        return cls(bool(settings.get(IS_ON, True)), int(str(settings.get(BODIES_UNTIL) or 0)))
