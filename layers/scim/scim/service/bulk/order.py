"""The order of operations by their numbers alone: what is needed first, circles closed by links.

Numbers only, so that the order of a million operations fits into one worker.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Turn:
    """An operation to do, or the links to complete that it had to leave out.

    `deferred` are the operations it needs that come later.
    """

    position: int
    deferred: frozenset[int] = frozenset()
    is_link: bool = False


def turns_of(number: int, needs: Callable[[int], Sequence[int]]) -> Iterator[Turn]:
    """Yield the turns of operations 0 to `number` in an order in which each finds what it needs.

    `needs` returns what an operation needs, in the order in which it shall be done.
    """
    order = _Order(needs, bytearray(number))
    for position in range(number):
        yield from order.turns(position)


_BEGUN, _ENDED = 1, 2


@dataclass(slots=True)
class _Order:
    needs: Callable[[int], Sequence[int]]
    states: bytearray
    unlinked: dict[int, list[int]] = field(default_factory=dict)
    """Operations that wait for this one to be linked with it."""
    missing: dict[int, int] = field(default_factory=dict)
    """How many operations this one still waits for."""

    def turns(self, position: int) -> Iterator[Turn]:
        """Yield the operation behind everything it needs: depth first, without recursion."""
        if self.states[position]:
            return
        path = [self._begun(position)]
        while path:
            current, needs = path[-1]
            needed = next((each for each in needs if not self.states[each]), None)
            if needed is not None:
                path.append(self._begun(needed))
                continue
            path.pop()
            yield from self._end(current)

    def _begun(self, position: int) -> tuple[int, Iterator[int]]:
        self.states[position] = _BEGUN
        return position, iter(self.needs(position))

    def _end(self, position: int) -> Iterator[Turn]:
        # What is begun but not ended waits, over others, for this very operation.
        waiting = {each for each in self.needs(position) if self.states[each] != _ENDED}
        yield Turn(position, frozenset(waiting))
        self.states[position] = _ENDED
        if waiting:
            self.missing[position] = len(waiting)
        for each in waiting:
            self.unlinked.setdefault(each, []).append(position)
        for each in self.unlinked.pop(position, ()):
            self.missing[each] -= 1
            if not self.missing[each]:
                yield Turn(each, is_link=True)
