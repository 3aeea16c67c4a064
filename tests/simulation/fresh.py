"""How soon a safeguard that is taken out shows, from seeds that nobody has chosen."""

import gc
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local.tools.marked import write_marked
from tests.simulation.broken import SAFEGUARDS, broken
from tests.simulation.case import Case

DOCUMENT = Path("docs/fault-tests.md")
MOST = 400
"""Histories tried at most."""


@dataclass(frozen=True)
class Found:
    """After how many histories from a first seed on one was wrong; `wrong` is empty when none was."""

    safeguard: str
    first: int
    histories: int
    seconds: float
    wrong: str = ""

    def row(self) -> str:
        """Return it as a row of the document's table."""
        said = f"{self.histories} ({self.seconds:.0f} s)" if self.wrong else "**not found**"
        return f"| {self.safeguard} | {self.first} | {said} |"


def fresh_seed() -> int:
    """Return a seed that no run of the tests has."""
    return 10_000_000 + secrets.randbelow(1_000_000_000)


def found_from(safeguard: str, first: int) -> Found:
    """Let histories happen without a safeguard until one is wrong."""
    began, wrong, histories = time.monotonic(), "", 0
    with broken(safeguard):
        while not wrong and histories < MOST:
            verdict = Case.of_seed(first + histories).happen().verdict()
            wrong = verdict[0] if verdict else ""
            histories += 1
            gc.collect(1)
    return Found(safeguard, first, histories, time.monotonic() - began, wrong)


def each_found() -> Iterator[Found]:
    """Yield of each safeguard how soon it shows, from one fresh seed after the other."""
    return (found_from(each, fresh_seed()) for each in SAFEGUARDS)


def tell(found: Iterable[Found], document: Path = DOCUMENT) -> None:
    """Write the table into the document."""
    rows = [each.row() for each in found]
    head = ["| removed safeguard | first seed | histories until a failure |", "| --- | --- | --- |"]
    write_marked(document, "safeguards", "\n".join([*head, *rows, ""]))
