"""How a request's steps become layers of batches.

Batches of a layer are done side by side, so its steps must not mind each other; everything
between such layers is a row, one step after the other in a batch of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scim.schema.catalogue import Catalogue
from scim.service.bulk.operation import BulkRequest
from scim.service.bulk.plan import Step, planned
from scim.service.bulk.waves import one_by_one, waves_of
from scim.service.job.batch import Batch, Task, joined, tasks_of

MAX_LAYERS = 500
"""About as many as an execution's history of 25,000 events has room for, several times over."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Steps in a batch of a layer, and in one of a row."""

    side_by_side: int = 25
    in_a_row: int = 500


@dataclass(frozen=True, slots=True)
class Layer:
    """Batches of steps that can be done side by side."""

    batches: tuple[Sequence[Step], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """A layer as it is stored: a line for each batch, and the steps."""

    lines: bytes
    steps: bytes


def layers_of(request: BulkRequest, catalogue: Catalogue, sizes: Sizes) -> tuple[Layer, ...]:
    """Return the layers, to be done one after the other."""
    steps = planned(request.operations)
    # An error that ends it all must find everything behind it untouched.
    waves = one_by_one(steps) if request.fail_on_errors else waves_of(steps, catalogue)
    # Few steps side by side are not worth a layer: there must not be too many.
    few = max(2 * sizes.side_by_side, len(steps) // MAX_LAYERS)
    return tuple(_layers(waves, few, sizes))


def files_of(tenant: str, job: str, layers: Sequence[Layer]) -> Iterator[Files]:
    """Yield the files of each layer."""
    every = [step for layer in layers for batch in layer.batches for step in batch]
    tasks = iter(list(tasks_of(every)))
    for number, layer in enumerate(layers):
        lines: list[bytes] = []
        stored: list[bytes] = []
        start = 0
        for index, batch in enumerate(layer.batches):
            some: list[Task] = [next(tasks) for _ in batch]
            content = joined(task.line() for task in some)
            numbers = tuple(task.number for task in some)
            lines.append(Batch(tenant, job, number, index, start, len(content), numbers).line())
            stored.append(content)
            start += len(content)
        yield Files(joined(lines), joined(stored))


def _layers(waves: Sequence[Sequence[Step]], few: int, sizes: Sizes) -> Iterator[Layer]:
    row: list[Step] = []
    for wave in waves:
        if len(wave) < few:
            row += wave
            continue
        yield from _rows(row, sizes.in_a_row)
        row = []
        yield Layer(tuple(_split(wave, sizes.side_by_side)))
    yield from _rows(row, sizes.in_a_row)


def _rows(row: Sequence[Step], size: int) -> Iterator[Layer]:
    return (Layer((some,)) for some in _split(row, size))


def _split(steps: Sequence[Step], size: int) -> Iterator[Sequence[Step]]:
    return (steps[start : start + size] for start in range(0, len(steps), size))
