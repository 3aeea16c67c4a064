"""A history as data: what clients do, what chance decides, and which faults there are."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.simulation.choices import Choices
from tests.simulation.faults import Rates
from tests.simulation.history import History, happened
from tests.simulation.plan import Plan, plan_of
from tests.simulation.world import World


@dataclass(frozen=True)
class Case:
    """One history that can happen again and again.

    `choices` are those that are not 0, by place; without them `seed` decides.
    """

    seed: str
    plan: Plan
    may_lag: bool = False
    rates: Rates = field(default_factory=Rates)
    choices: Mapping[int, int] | None = None

    @classmethod
    def of_seed(cls, seed: int) -> "Case":
        """Return the history of a seed: every fourth reads what may be a moment old."""
        return cls(str(seed), plan_of(seed), may_lag=seed % 4 == 3)

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "Case":
        """Return the case a file holds."""
        choices = held.get("choices")
        return cls(
            held["seed"],
            [[tuple(words) for words in client] for client in held["plan"]],
            held["mayLag"],
            Rates(**held["rates"]) if "rates" in held else Rates(),
            None if choices is None else {int(place): value for place, value in choices.items()},
        )

    def json(self) -> dict[str, Any]:
        """Return the case for a file."""
        held = {"seed": self.seed, "mayLag": self.may_lag, "plan": self.plan}
        if self.rates != Rates():
            held["rates"] = asdict(self.rates)
        return {**held, **({} if self.choices is None else {"choices": dict(self.choices)})}

    def happen(self, trace: list[str] | None = None) -> History:
        """Let it happen once more."""
        choices = Choices(self.seed) if self.choices is None else Choices(recorded=self.choices)
        world = World(choices, may_lag=self.may_lag, trace=trace)
        return happened(world, self.plan, self.rates)

    def recorded(self) -> "Case":
        """Return the case with the choices a seed made written down."""
        return replace(self, choices=dict(self.happen().world.choices.taken))

    def script(self) -> str:
        """Return what happens, line by line, and what is wrong with it."""
        trace: list[str] = []
        wrong = self.happen(trace).verdict()
        told = [*trace, "", *(f"WRONG: {each}" for each in wrong), "", json.dumps(self.json())]
        return "\n".join(told)
