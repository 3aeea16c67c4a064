"""What chance decides in a history: drawn from a seed, or as it was recorded."""

import random
from collections.abc import Iterable, Mapping


class Choices:
    """A row of numbers; 0 always means that nothing special happens.

    What is recorded is followed first; beyond it a seed goes on, and without one all is 0.
    """

    def __init__(
        self, seed: int | str | None = None, recorded: Mapping[int, int] | None = None
    ) -> None:
        self._dice = None if seed is None else random.Random(f"{seed}")
        self._recorded = recorded
        self._made = 0
        self.is_quiet = False
        self.taken: dict[int, int] = {}

    def below(self, end: int) -> int:
        """Return a number from 0 up to, not including, `end`."""
        if self.is_quiet:
            return 0
        place, self._made = self._made, self._made + 1
        if self._recorded is not None:
            value = self._recorded.get(place, 0) % end
        else:
            value = int(self._dice.random() * end) if self._dice is not None else 0
        if value:
            self.taken[place] = value
        return value

    def happens(self, per_mille: float) -> bool:
        """Tell whether something happens that does so many times in a thousand."""
        return per_mille > 0 and self.below(100_000) >= 100_000 - per_mille * 100


def kept(taken: Mapping[int, int], places: Iterable[int]) -> dict[int, int]:
    """Return the choices at some places, all others being 0."""
    return {place: taken[place] for place in places if place in taken}
