"""How the steps of a window become layers of batches.

Batches of a layer are done side by side, so its steps must not mind each other; everything
between such layers is a row, one step after the other in a batch of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scim.service.bulk.plan import Step
from scim.service.jobs.batch import Batch, Task, joined, number_of

MAX_LAYERS = 500
"""About as many as an execution's history of 25,000 events has room for, several times over."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Steps in a batch of a layer, and in one of a row."""

    side_by_side: int = 25
    in_a_row: int = 500

    def fitting(self, operations: int) -> "Sizes":
        """Return the sizes for a job: of a very long one the rows are longer."""
        return Sizes(self.side_by_side, max(self.in_a_row, operations // MAX_LAYERS))

    def few(self, operations: int) -> int:
        """Return how many steps side by side are worth a layer: there must not be too many."""
        return max(2 * self.side_by_side, operations // MAX_LAYERS)


@dataclass(frozen=True, slots=True)
class Layer:
    """Batches of steps that can be done side by side."""

    batches: tuple[Sequence[Step], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """A layer as it is stored: a line for each batch, and the steps."""

    lines: bytes
    steps: bytes


def layers_of(waves: Sequence[Sequence[Step]], operations: int, sizes: Sizes) -> tuple[Layer, ...]:
    """Return the layers, to be done one after the other, for waves of a job of that many."""
    return tuple(_layers(waves, sizes.few(operations), sizes.fitting(operations)))


def files_of(
    job: tuple[str, str], first: int, layers: Sequence[Layer], tasks: Mapping[int, Task]
) -> Iterator[Files]:
    """Yield the files of each layer of a tenant's job; `first` is the number of the first layer."""
    for number, layer in enumerate(layers, first):
        lines: list[bytes] = []
        stored: list[bytes] = []
        start = 0
        for index, batch in enumerate(layer.batches):
            some = [tasks[number_of(step)] for step in batch]
            content = joined(task.line() for task in some)
            numbers = tuple(task.number for task in some)
            lines.append(Batch(*job, number, index, start, len(content), numbers).line())
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
