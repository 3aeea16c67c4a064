"""Makes a failing history small: fewer operations, then fewer choices that are not 0."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.simulation.baton import StuckError
from tests.simulation.case import Case
from tests.simulation.choices import kept
from tests.simulation.plan import Plan, Words

T = TypeVar("T")
RUNS = 250
"""Histories tried at most."""
OTHERS = 3
"""Other orders tried where without an operation the recorded one shows nothing."""


class Shrinker:
    """Tries smaller cases that fail like the first one."""

    def __init__(self, case: Case) -> None:
        self.best = case.recorded()
        self._kinds = kinds_of(self.best.happen().verdict())
        self.runs = 0

    def smallest(self) -> Case:
        """Return the smallest case found."""
        places = [(c, n) for c, client in enumerate(self.best.plan) for n in range(len(client))]
        _reduced(places, self._keeps_operations)
        taken = sorted(self.best.choices or {})
        _reduced(taken, self._keeps_choices)
        return self.best

    def _fails(self, case: Case) -> bool:
        if self.runs >= RUNS:
            return False
        self.runs += 1
        try:
            history = case.happen()
            is_so = bool(self._kinds & kinds_of(history.verdict()))
        except (StuckError, RuntimeError):
            return False
        if is_so:
            self.best = replace(case, choices=dict(history.world.choices.taken))
        return is_so

    def _keeps_operations(self, places: Sequence[tuple[int, int]]) -> bool:
        plan = _only(self._whole_plan, places)
        if self._fails(replace(self.best, plan=plan)):
            return True
        others = (f"{self.best.seed}/{number}" for number in range(OTHERS))
        return any(self._fails(replace(self.best, plan=plan, choices=None, seed=s)) for s in others)

    @property
    def _whole_plan(self) -> Plan:
        self.__dict__.setdefault("_plan", self.best.plan)
        plan: Plan = self.__dict__["_plan"]
        return plan

    def _keeps_choices(self, places: Sequence[int]) -> bool:
        self.__dict__.setdefault("_taken", dict(self.best.choices or {}))
        return self._fails(replace(self.best, choices=kept(self.__dict__["_taken"], places)))


def kinds_of(wrong: Sequence[str]) -> frozenset[str]:
    """Return what sorts of things are wrong, whoever they happened to."""
    return frozenset(_kind(each) for each in wrong)


def _kind(text: str) -> str:
    said = text.rpartition(": ")[2] if " -> " in text and ": " in text else text
    return re.sub(r"[0-9a-f-]{8,}|\d+|'.*?'|\w+-\w+", "*", said)[:60]


def _only(plan: Plan, places: Sequence[tuple[int, int]]) -> list[list[Words]]:
    wanted = set(places)
    return [
        [words for n, words in enumerate(client) if (c, n) in wanted]
        for c, client in enumerate(plan)
    ]


def _reduced(whole: Sequence[T], holds: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return a small part of which it still holds: halves go first, then smaller pieces."""
    left, size = list(whole), max(1, len(whole) // 2)
    while True:
        for start in _starts(len(left), size):
            shorter = left[:start] + left[start + size :]
            if len(shorter) < len(left) and holds(shorter):
                left = shorter
                break
        else:
            if size == 1:
                return left
            size = max(1, size // 2)


def _starts(length: int, size: int) -> Iterator[int]:
    return iter(range(length - size, -1, -size)) if length >= size else iter(())
