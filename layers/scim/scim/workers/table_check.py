"""The weekly check of the whole table: do its items agree with each other?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.service.metrics import SERVICE, embedded, write

logger = Logger()

TOLD = 50
"""The most violations written to the log; `scim fsck` lists all."""


class TableReport(Protocol):
    """What a check has read and found: items, open work, and violations."""

    @property
    def items(self) -> int: ...
    @property
    def open(self) -> int: ...
    @property
    def wrong(self) -> Sequence[str]: ...


TableChecker = Callable[[Mapping[str, Any], Any], dict[str, object]]


def table_checker(check: Callable[[], TableReport]) -> TableChecker:
    """Return the Lambda handler of the schedule.

    It reports each violation in a log line, and the metrics TableItems and TableViolations.
    """

    def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        report = check()
        for line in report.wrong[:TOLD]:
            logger.error("the table disagrees with itself", extra={"violation": line})
        counted = {"TableItems": report.items, "TableViolations": len(report.wrong)}
        measured = embedded(dict.fromkeys(counted, "Count"), ((SERVICE,),))
        write({**measured, SERVICE: logger.service, **counted})
        return {"items": report.items, "openJobs": report.open, "violations": len(report.wrong)}

    return handler
