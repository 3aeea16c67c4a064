"""How large a filter or a path may be."""

from dataclasses import dataclass
from typing import Final

# Each level of brackets takes six frames of the thousand that Python allows: no setting brings the
# parser near the end of them.
DEEPEST: Final = 32


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """Bounds on one filter or path: characters, comparisons (`pr` is one), brackets open at a time."""

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
