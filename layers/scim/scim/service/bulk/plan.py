"""The order in which operations are done: what is referred to first, else as the client wrote them.

Only creations are moved, and only forward to where somebody needs them: what happens to one
resource keeps its order, so the client's intent is preserved (RFC 7644 section 3.7).
Where new resources refer to each other in a circle, one of them is created without the
reference that closes it and linked when the other exists (section 3.7.1).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scim.service.bulk.operation import Operation
from scim.service.bulk.reference import bulk_id_in, bulk_ids_in


@dataclass(frozen=True, slots=True)
class Step:
    """An operation to do, or the links to complete that its creation had to leave out.

    `deferred` are the bulkIds left out of a creation; its link is a step of its own.
    """

    operation: Operation
    deferred: frozenset[str] = frozenset()
    is_link: bool = False


def makers_of(operations: Sequence[Operation]) -> Mapping[str, Operation]:
    """Return the operations that make something others may refer to, by bulkId."""
    return {each.makes: each for each in reversed(operations) if each.makes is not None}


def needs_of(operation: Operation) -> frozenset[str]:
    """Return the bulkIds an operation refers to, in its path and its data."""
    if operation.fault is not None:
        return frozenset()
    addressed = bulk_id_in(operation.id)
    return bulk_ids_in(operation.data) | ({addressed} if addressed is not None else set())


def planned(operations: Sequence[Operation]) -> tuple[Step, ...]:
    """Return the steps in an order in which each finds what it refers to."""
    plan = _Plan(operations)
    for operation in operations:
        plan.add(operation)
    return tuple(plan.steps)


@dataclass(slots=True)
class _Plan:
    operations: Sequence[Operation]
    steps: list[Step] = field(default_factory=list)
    begun: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    unlinked: dict[int, list[Operation]] = field(default_factory=dict)
    """Creations that wait for the one at this position to be linked with it."""
    missing: dict[int, int] = field(default_factory=dict)
    """How many creations the one at this position still waits for."""
    needs: dict[int, list[Operation]] = field(init=False)

    def __post_init__(self) -> None:
        makers = makers_of(self.operations)
        self.needs = {
            each.position: sorted(
                (makers[name] for name in needs_of(each) if name in makers),
                key=lambda maker: maker.position,
            )
            for each in self.operations
        }

    def add(self, operation: Operation) -> None:
        """Add the operation behind everything it needs: depth first, without recursion."""
        if operation.position in self.begun:
            return
        path = [self._begun(operation)]
        while path:
            current, needs = path[-1]
            needed = next((each for each in needs if each.position not in self.begun), None)
            if needed is not None:
                path.append(self._begun(needed))
                continue
            path.pop()
            self._end(current)

    def _begun(self, operation: Operation) -> tuple[Operation, Iterator[Operation]]:
        self.begun.add(operation.position)
        return operation, iter(self.needs[operation.position])

    def _end(self, operation: Operation) -> None:
        # What is begun but not ended waits, over others, for this very operation.
        waiting = [
            each for each in self.needs[operation.position] if each.position not in self.ended
        ]
        deferred = frozenset(each.makes for each in waiting if each.makes is not None)
        self.steps.append(Step(operation, deferred))
        self.ended.add(operation.position)
        self.missing[operation.position] = len(waiting)
        for each in waiting:
            self.unlinked.setdefault(each.position, []).append(operation)
        for each in self.unlinked.pop(operation.position, ()):
            self.missing[each.position] -= 1
            if not self.missing[each.position]:
                self.steps.append(Step(each, is_link=True))
