"""What it took to understand a request, told to the operator: counted, and shown if wanted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from scim.http.message.response import Reply
from scim.profile import Tolerance
from scim.service.metrics import TENANT, TOLERANCE, embedded, write

HEADER = "X-SCIM-Tolerated"
METRIC = "Tolerated"


class ToleranceCounts(Protocol):
    """Counts tolerances by tenant."""

    def note(self, tenant: str, names: Iterable[str]) -> None:
        """Count each once; never raises."""


@dataclass(frozen=True, slots=True)
class ToleranceReport:
    """Counts the tolerances that fired, and names them in a header where `is_shown`.

    `is_measured` makes a metric of each too.
    """

    tolerances: ToleranceCounts
    is_shown: bool = False
    is_measured: bool = True

    def told(self, tenant: str, reply: Reply) -> Reply:
        """Count what a reply took that needed some, and return it with their names where that is wanted."""
        names = sorted(reply.tolerated)
        self.tolerances.note(tenant, names)
        for name in names:
            if self.is_measured:
                _measured(tenant, name)
        if not self.is_shown:
            return reply
        told = [_told(name, reply.ignored) for name in names]
        return replace(reply, headers={**reply.headers, HEADER: ", ".join(told)})


def _told(name: str, ignored: Sequence[str]) -> str:
    """Return the name as the header has it, with what was ignored and what comes near it."""
    if name != Tolerance.UNKNOWN_PATHS or not ignored:
        return name
    why = " ".join(ignored)
    return f"{name} ({''.join(c if c.isascii() and c.isprintable() else '?' for c in why)})"


def _measured(tenant: str, name: str) -> None:
    """Write a metric: how often a tolerance was needed, by whom."""
    described = embedded({METRIC: "Count"}, ((TOLERANCE,), (TENANT, TOLERANCE)))
    write({**described, TOLERANCE: name, TENANT: tenant, METRIC: 1})
