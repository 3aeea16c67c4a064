"""Texts that lead where no text has led before are kept, and others are made of them.

What is covered is the lines of the package, noted by the interpreter: slower than a reader alone
by an order, so it is for hours nobody waits.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import scim
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import FuzzTarget

PACKAGE = str(Path(scim.__file__).parent)
Line = tuple[str, int, int]
"""A file, and two lines that were run one after the other."""


class Broken(Exception):
    """A text that a reader neither read nor refused; the cause says how it failed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Coverage:
    """The pairs of lines that were run so far."""

    def __init__(self) -> None:
        self.seen: set[Line] = set()

    def leads_further(self, target: FuzzTarget, text: str) -> bool:
        """Tell whether a reader runs what it never ran before; raises Broken."""
        had, before = len(self.seen), sys.gettrace()
        sys.settrace(self._called)
        try:
            target.survives(text)
        except Exception as error:
            raise Broken(text) from error
        finally:
            sys.settrace(before)
        return len(self.seen) > had

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(PACKAGE):
            return None
        last = 0

        def run(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal last
            if event == "line":
                self.seen.add((name, last, frame.f_lineno))
                last = frame.f_lineno
            return run

        return run


def guided(target: FuzzTarget, seed: int, runs: int) -> tuple[int, int]:
    """Give a reader so many texts; return how many were kept, and how many pairs of lines were run.

    Raises Broken when the reader raises anything but a refusal.
    """
    corpus: list[str] = list(target.texts())
    known, coverage = len(corpus), Coverage()
    for text in corpus[:]:
        coverage.leads_further(target, text)
    for text in mutated(corpus, seed, runs):
        if coverage.leads_further(target, text):
            corpus.append(text)  # noqa: PERF401 - what is mutated next is read while it grows
    return len(corpus) - known, len(coverage.seen)


def covered(target: FuzzTarget, texts: Sequence[str]) -> int:
    """Return how many pairs of lines some texts lead to."""
    coverage = Coverage()
    for text in texts:
        coverage.leads_further(target, text)
    return len(coverage.seen)
