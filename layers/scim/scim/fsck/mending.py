"""The check of a whole table in bounded memory, confirmed by a second reading, and its mending."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from scim.fsck.check import TableCheck
from scim.fsck.spool import InFiles
from scim.fsck.violation import Violation, Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTS = 256
"""The number of files of the spool: 100,000 users with a million edges make a few megabytes in each."""
MOST = 10_000
"""The most violations reported; a table with more is lost anyway."""
ROUNDS = 6
"""The most rounds of mending: mending one violation may reveal another."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check has read and found: items, open work, and violations."""

    items: int
    open: int
    wrong: Sequence[Violation]


def checked(wires: Iterable[Wire], parts: int = PARTS) -> CheckReport:
    """Return the report on a table whose items are read once and kept in temporary files meanwhile."""
    with TemporaryDirectory(prefix="fsck-") as folder:
        check = TableCheck(InFiles(Path(folder), parts))
        violations: list[Violation] = []
        for wire in wires:
            violations += check.take(wire)
            if len(violations) >= MOST:
                break
        for violation in check.rest():
            if len(violations) >= MOST:
                break
            violations.append(violation)
    return CheckReport(check.items, check.open, violations)


def confirmed_report(client: "DynamoDBClient", table: str) -> CheckReport:
    """Return the report on a table that others may be writing to.

    A scan is no snapshot: it may see half of a change made meanwhile. So a violation counts only when
    a second scan finds the same one.
    """
    first = checked(scanned(client, table))
    if not first.wrong:
        return first
    second = checked(scanned(client, table))
    return CheckReport(second.items, second.open, _both(first.wrong, second.wrong))


def mended(client: "DynamoDBClient", table: str) -> tuple[int, CheckReport]:
    """Mend the table until nothing more can be mended; return how many violations were mended, and the rest."""
    count, report = 0, confirmed_report(client, table)
    for _ in range(ROUNDS):
        mended_now = sum(
            _is_made(client, table, violation) for violation in report.wrong if violation.mends
        )
        if not mended_now:
            break
        count, report = count + mended_now, confirmed_report(client, table)
    return count, report


def scanned(client: "DynamoDBClient", table: str) -> Iterator[Wire]:
    """Yield every item of a table, with consistent reads."""
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return (item for page in pages for item in page["Items"])


def _is_made(client: "DynamoDBClient", table: str, violation: Violation) -> bool:
    actions: list[Any] = [
        {verb: {"TableName": table, **action} for verb, action in mend.items()}
        for mend in violation.mends
    ]
    try:
        client.transact_write_items(TransactItems=actions)
    except ClientError as error:
        # The items have changed since they were read: the next round checks them anew.
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return False
    return True


def _both(first: Sequence[Violation], second: Sequence[Violation]) -> list[Violation]:
    seen_first = {(str(violation), repr(violation.mends)) for violation in first}
    return [
        violation for violation in second if (str(violation), repr(violation.mends)) in seen_first
    ]
