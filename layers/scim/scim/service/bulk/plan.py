"""The order in which operations are done: what is referred to first, else as the client wrote them.

Only creations are moved, and only forward to where somebody needs them: what happens to one
resource keeps its order, so the client's intent is preserved (RFC 7644 section 3.7).
Where new resources refer to each other in a circle, one of them is created without the
reference that closes it and linked when the other exists (section 3.7.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scim.service.bulk.bulk_ids import bulk_id_in, bulk_ids_in
from scim.service.bulk.operation import Operation
from scim.service.bulk.order import turns_of


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
    makers = makers_of(operations)
    places = {each.position: place for place, each in enumerate(operations)}

    def needs(place: int) -> list[int]:
        names = needs_of(operations[place])
        return sorted(places[makers[name].position] for name in names if name in makers)

    return tuple(
        Step(
            operations[turn.position],
            frozenset(name for each in turn.deferred if (name := operations[each].makes)),
            turn.is_link,
        )
        for turn in turns_of(len(operations), needs)
    )
