"""The tolerances that applied to a request: counted, and shown in a header if the operator wants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from scim.http.message.response import Reply
from scim.profile import Tolerance
from scim.service.metrics import OPERATION, SERVICE, TENANT, TOLERANCE, embedded, write

HEADER = "X-SCIM-Tolerated"
METRIC = "Tolerated"


class ToleranceCounts(Protocol):
    """Counts tolerances by tenant."""

    def note(self, tenant: str, names: Iterable[str]) -> None:
        """Count each tolerance once; never raises."""


@dataclass(frozen=True, slots=True)
class ToleranceReport:
    """Counts the tolerances that applied, and names them in a header if `is_shown`.

    Each is also a metric of `service`, the deployment, by tenant if its requests are (`measured_by`); none if
    they are not counted.
    """

    tolerances: ToleranceCounts
    is_shown: bool
    measured_by: Sequence[Sequence[str]]
    service: str

    def report(self, tenant: str, reply: Reply) -> Reply:
        """Count the tolerances of a reply; return it, with their names in a header if `is_shown`."""
        names = sorted(reply.tolerated)
        self.tolerances.note(tenant, names)
        # CloudWatch bills each combination of values: there is none for the operations of each tolerance.
        dimensions = [(*each, TOLERANCE) for each in self.measured_by if OPERATION not in each]
        for name in names if dimensions else ():
            metric = embedded({METRIC: "Count"}, dimensions)
            write({**metric, SERVICE: self.service, TOLERANCE: name, TENANT: tenant, METRIC: 1})
        if not self.is_shown:
            return reply
        shown_names = [_name_shown(name, reply.ignored) for name in names]
        return replace(reply, headers={**reply.headers, HEADER: ", ".join(shown_names)})


def _name_shown(name: str, ignored: Sequence[str]) -> str:
    """Return the name for the header, with the ignored attributes after it if it stands for unknown paths."""
    if name != Tolerance.UNKNOWN_PATHS or not ignored:
        return name
    reasons = " ".join(ignored)
    return f"{name} ({''.join(c if c.isascii() and c.isprintable() else '?' for c in reasons)})"
