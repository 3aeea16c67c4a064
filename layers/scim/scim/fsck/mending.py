"""A whole table checked in bounded memory, what two readings agree on, and its mending."""

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
"""Files of the spool: a hundred thousand people with a million edges are some megabytes each."""
MOST = 10_000
"""Violations that are told; of more, these are enough to know that the table is lost."""
ROUNDS = 6
"""Readings of a table that is mended: what mends one thing may show another."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check has read and found."""

    items: int
    open: int
    wrong: Sequence[Violation]


def checked(wires: Iterable[Wire], parts: int = PARTS) -> CheckReport:
    """Return what is wrong with a table, its items read once and kept in files meanwhile."""
    with TemporaryDirectory(prefix="fsck-") as folder:
        check = TableCheck(InFiles(Path(folder), parts))
        wrong: list[Violation] = []
        for wire in wires:
            wrong += check.take(wire)
            if len(wrong) >= MOST:
                break
        for each in check.rest():
            if len(wrong) >= MOST:
                break
            wrong.append(each)
    return CheckReport(check.items, check.open, wrong)


def settled(client: "DynamoDBClient", table: str) -> CheckReport:
    """Return what is wrong with a table that others may be writing to.

    A reading of a whole table is no picture of one moment: of what was changed meanwhile it may
    show one half. So what it finds wrong counts when a second one finds the same.
    """
    first = checked(scanned(client, table))
    if not first.wrong:
        return first
    second = checked(scanned(client, table))
    return CheckReport(second.items, second.open, _both(first.wrong, second.wrong))


def mended(client: "DynamoDBClient", table: str) -> tuple[int, CheckReport]:
    """Make what mends the table until nothing does; return of how many violations, and the rest."""
    count, report = 0, settled(client, table)
    for _ in range(ROUNDS):
        made = sum(_is_made(client, table, each) for each in report.wrong if each.mends)
        if not made:
            break
        count, report = count + made, settled(client, table)
    return count, report


def scanned(client: "DynamoDBClient", table: str) -> Iterator[Wire]:
    """Yield every item of a table as of now."""
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
        # Somebody has written there since: the next reading says what is so now.
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return False
    return True


def _both(first: Sequence[Violation], second: Sequence[Violation]) -> list[Violation]:
    known = {(str(each), repr(each.mends)) for each in first}
    return [each for each in second if (str(each), repr(each.mends)) in known]
