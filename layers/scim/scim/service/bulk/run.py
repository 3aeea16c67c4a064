"""Running all steps of a plan in order, each on its own: a failure is the result of one step."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

from scim.errors import Unavailable
from scim.service.bulk.plan import Step
from scim.service.bulk.request import Method
from scim.service.bulk.response import Outcome


class Attempt(Protocol):
    """Performs one step; any error is in the outcome."""

    def __call__(self, step: Step, ids: Mapping[str, str], before: Outcome | None) -> Outcome: ...


class AttemptTogether(Protocol):
    """Performs creations that do not refer to each other; any error is in the outcomes."""

    def __call__(self, steps: Sequence[Step], ids: Mapping[str, str]) -> Sequence[Outcome]: ...


LEAST: Final = 8
MOST: Final = 16
"""The fewest and the most creations stored together: 16 with five indexed values each fit one transaction."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run a plan.

    `attempt` performs a step, and `miss` returns the outcome of one for which no time is left;
    `fail_on_errors` is the number of errors that ends the run, 0 for none. `together` performs the
    creations of a wave together, where that is possible.
    """

    attempt: Attempt
    miss: Attempt
    is_late: Callable[[], bool]
    fail_on_errors: int = 0
    side_by_side: int = 1
    together: AttemptTogether | None = None


@dataclass(slots=True)
class _Run:
    options: RunOptions
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def do(self, step: Step) -> Outcome | None:
        """Return the step's outcome; None for a link whose resource was not created."""
        before = self.outcomes.get(step.operation.position) if step.is_link else None
        if step.is_link and (before is None or before.id is None):
            return None
        act = self.options.miss if self.options.is_late() else self.options.attempt
        return act(step, self.ids, before)

    def do_some(self, steps: Sequence[Step]) -> Sequence[Outcome | None]:
        """Return the outcomes of a part of a wave."""
        together = self.options.together
        if together is None or len(steps) == 1 or self.options.is_late():
            return [self.do(step) for step in steps]
        return together(steps, self.ids)

    def parts_of(self, wave: Sequence[Step]) -> list[Sequence[Step]]:
        """Return the wave in parts that run side by side; a part has the steps to perform together."""
        options, size = self.options, 1
        if options.together is not None and wave[0].operation.method is Method.POST:
            size = min(MOST, max(LEAST, -(-len(wave) // options.side_by_side)))
        return [wave[start : start + size] for start in range(0, len(wave), size)]

    def note(self, outcome: Outcome) -> None:
        operation = outcome.operation
        self.outcomes[operation.position] = outcome
        if operation.makes is not None and outcome.id is not None:
            self.ids[operation.makes] = outcome.id

    @property
    def is_over(self) -> bool:
        limit = self.options.fail_on_errors
        if not limit:
            return False
        return sum(outcome.error is not None for outcome in self.outcomes.values()) >= limit


def run(waves: Iterable[Sequence[Step]], options: RunOptions) -> tuple[Outcome, ...]:
    """Return the outcomes of all operations that were processed.

    The steps of a wave run side by side; the ids they see are those of earlier waves.
    """
    state = _Run(options)
    with ThreadPoolExecutor(options.side_by_side) as pool:
        for wave in waves:
            if state.is_over:
                break
            parts = state.parts_of(wave)
            do_all = map if len(parts) == 1 else pool.map
            outcomes = [outcome for part in do_all(state.do_some, parts) for outcome in part]
            for outcome in outcomes:
                if outcome is not None:
                    state.note(outcome)
    stopped = Unavailable("Processing stopped before it could be completed.")
    return tuple(
        outcome.without_links(stopped) if outcome.is_unlinked else outcome
        for outcome in state.outcomes.values()
    )
