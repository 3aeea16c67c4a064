"""The limits of a filter or a path."""

from dataclasses import dataclass
from typing import Final

# Each level of brackets takes six of the thousand frames that Python allows, so no setting brings the
# parser near that limit.
DEEPEST: Final = 32


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """Limits of one filter or path: characters, comparisons (`pr` is one), nested brackets."""

    length: int = 4096
    terms: int = 100
    depth: int = 20

    def __post_init__(self) -> None:
        if min(self.length, self.terms, self.depth) < 1:
            raise ValueError("filter limits start at 1")
        if self.depth > DEEPEST:
            raise ValueError(
                f"a filter depth of {self.depth} is too much for the parser; at most {DEEPEST}"
            )
