"""The weekly look at the whole table: does what is stored agree with itself?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.service.metrics import SERVICE, embedded, write

logger = Logger()

TOLD = 50
"""Violations that are written into the log; `scim fsck` tells all."""


class TableReport(Protocol):
    """What a check has read and found."""

    @property
    def items(self) -> int: ...
    @property
    def open(self) -> int: ...
    @property
    def wrong(self) -> Sequence[str]: ...


TableChecker = Callable[[Mapping[str, Any], Any], dict[str, object]]


def table_checker(check: Callable[[], TableReport]) -> TableChecker:
    """Return the Lambda handler of the schedule.

    What it finds is a line of the log each, and the metrics TableItems and TableViolations.
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
