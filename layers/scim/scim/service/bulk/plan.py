"""The order of operations: what others refer to comes first, the rest as the client wrote it.

Only creations are moved, and only forward to where another operation needs them. Operations on one
resource keep their order, so the client's intent is preserved (RFC 7644 section 3.7).
If new resources refer to each other in a circle, one of them is created without the
reference that closes the circle and linked when the other exists (section 3.7.1).
The order is computed from numbers alone, so that a million operations fit into one worker.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scim.service.bulk.bulk_ids import bulk_id_in, bulk_ids_in
from scim.service.bulk.request import BulkOperation


@dataclass(frozen=True, slots=True)
class Turn:
    """An operation to perform, or the links that it had to leave out and that can now be completed.

    `deferred` are the operations that it needs and that come later.
    """

    position: int
    deferred: frozenset[int] = frozenset()
    is_link: bool = False


def turns_of(number: int, needs: Callable[[int], Sequence[int]]) -> Iterator[Turn]:
    """Yield the turns of operations 0 to `number` - 1, each after the operations that it needs.

    `needs` returns what an operation needs, in the order in which to perform it.
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
    """By operation, the operations that wait to be linked with it."""
    missing: dict[int, int] = field(default_factory=dict)
    """By operation, the number of operations that it still waits for."""

    def turns(self, position: int) -> Iterator[Turn]:
        """Yield the operation after everything that it needs: depth first, without recursion."""
        if self.states[position]:
            return
        path = [self._begun(position)]
        while path:
            current, needs = path[-1]
            needed = next((need for need in needs if not self.states[need]), None)
            if needed is not None:
                path.append(self._begun(needed))
                continue
            path.pop()
            yield from self._end(current)

    def _begun(self, position: int) -> tuple[int, Iterator[int]]:
        self.states[position] = _BEGUN
        return position, iter(self.needs(position))

    def _end(self, position: int) -> Iterator[Turn]:
        # An operation begun but not ended waits, through others, for this very one.
        open_needs = {need for need in self.needs(position) if self.states[need] != _ENDED}
        yield Turn(position, frozenset(open_needs))
        self.states[position] = _ENDED
        if open_needs:
            self.missing[position] = len(open_needs)
        for need in open_needs:
            self.unlinked.setdefault(need, []).append(position)
        for waiting in self.unlinked.pop(position, ()):
            self.missing[waiting] -= 1
            if not self.missing[waiting]:
                yield Turn(waiting, is_link=True)


@dataclass(frozen=True, slots=True)
class Step:
    """An operation to perform, or the links that its creation had to leave out.

    `deferred` are the bulkIds left out of a creation; completing them is a step of its own.
    """

    operation: BulkOperation
    deferred: frozenset[str] = frozenset()
    is_link: bool = False


def makers_of(operations: Sequence[BulkOperation]) -> Mapping[str, BulkOperation]:
    """Return by bulkId the operations that create a resource to which others may refer."""
    return {
        operation.makes: operation
        for operation in reversed(operations)
        if operation.makes is not None
    }


def needs_of(operation: BulkOperation) -> frozenset[str]:
    """Return the bulkIds that an operation refers to in its path and its data."""
    if operation.fault is not None:
        return frozenset()
    addressed = bulk_id_in(operation.id)
    return bulk_ids_in(operation.data) | ({addressed} if addressed is not None else set())


def planned(operations: Sequence[BulkOperation]) -> tuple[Step, ...]:
    """Return the steps in an order in which each finds the resources that it refers to."""
    makers = makers_of(operations)
    indexes = {operation.position: index for index, operation in enumerate(operations)}

    def needs(index: int) -> list[int]:
        names = needs_of(operations[index])
        return sorted(indexes[makers[name].position] for name in names if name in makers)

    return tuple(
        Step(
            operations[turn.position],
            frozenset(name for index in turn.deferred if (name := operations[index].makes)),
            turn.is_link,
        )
        for turn in turns_of(len(operations), needs)
    )
