"""A tenant's settings of the request log, for deployments that keep one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

IS_ON: Final = "on"
BODIES_UNTIL: Final = "bodiesUntil"
BODY_SECONDS: Final = 3600
"""The most seconds for which requests are kept with their bodies."""


@dataclass(frozen=True, slots=True)
class RequestsKept:
    """Whether requests are kept, and until when with their bodies, in seconds since 1970."""

    is_on: bool = True
    bodies_until: int = 0

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> Self:
        """Return a tenant's settings; those that it has not set have their default."""
        return cls(bool(settings.get(IS_ON, True)), int(str(settings.get(BODIES_UNTIL) or 0)))
