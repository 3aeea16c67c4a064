"""Batches: the work of one worker, as lines of files that planner and worker agree on.

A layer is a file of lines, each describing a batch, and a file of the steps themselves, in which
a batch is a range of bytes. The batches of a layer run side by side in any order, so its steps must
be independent. The steps between such layers form a row: they run one after the other, in a
batch of their own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from scim import errors
from scim.compact import json_line
from scim.errors import ScimError
from scim.service.bulk.plan import Step
from scim.service.bulk.request import BulkOperation, Method


def number_of(step: Step) -> int:
    """Return the number of a step: an operation has two, to create and to link."""
    return 2 * step.operation.position + step.is_link


@dataclass(frozen=True, slots=True)
class Task:
    """A step, and the numbers of the steps that create the resources it refers to, by bulkId.

    `key` is the attribute by which it refers to resources outside the file; `warning` is reported
    with its result although it succeeded. `own_names` are the names in the operation's own line, where it has
    values of later lines too: what those name is reported with them. `is_joined` tells that an earlier operation
    has its values.
    """

    step: Step
    needs: Mapping[str, int]
    key: str = "id"
    warning: str = ""
    own_names: tuple[str, ...] | None = None
    is_joined: bool = False

    @property
    def number(self) -> int:
        return number_of(self.step)

    def line(self) -> bytes:
        operation = self.step.operation
        fault = operation.fault
        members = {
            "position": operation.position,
            "method": operation.method,
            "bulkId": operation.bulk_id,
            "version": operation.version,
            "segment": operation.segment,
            "id": operation.id,
            "line": operation.line,
            "data": operation.data,
            "fault": None if fault is None else stored_error(fault),
            "deferred": sorted(self.step.deferred),
            "isLink": self.step.is_link,
            "needs": self.needs,
            "key": self.key,
            "own": self.own_names,
            "isJoined": self.is_joined,
        }
        return json_line(members)

    @classmethod
    def of_line(cls, line: bytes) -> Self:
        members: dict[str, Any] = json.loads(line)
        operation = BulkOperation(
            members["position"],
            None if members["method"] is None else Method(members["method"]),
            bulk_id=members["bulkId"],
            version=members["version"],
            segment=members["segment"],
            id=members["id"],
            line=members["line"],
            data=members["data"],
            fault=None if members["fault"] is None else restored_error(*members["fault"]),
        )
        step = Step(operation, frozenset(members["deferred"]), members["isLink"])
        own_names = members.get("own")
        return cls(
            step,
            members["needs"],
            members.get("key", "id"),
            own_names=None if own_names is None else tuple(own_names),
            is_joined=members.get("isJoined", False),
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """A range of a layer's steps: `length` bytes from `start`, with the numbers of its steps."""

    tenant: str
    job: str
    layer: int
    batch: int
    start: int
    length: int
    steps: tuple[int, ...]

    def line(self) -> bytes:
        """Return the batch as one line, which is also the input of the state that runs it."""
        return json_line({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def of_json(cls, members: Mapping[str, Any]) -> Self:
        """Return the batch in a parsed line."""
        fields = {name: members[name] for name in cls.__slots__}
        return cls(**{**fields, "steps": tuple(members["steps"])})


def tasks_in(lines: bytes) -> list[Task]:
    return [Task.of_line(line) for line in lines.splitlines()]


def lines_file(layer: int) -> str:
    """Return the name of the file with a layer's batches."""
    return f"layers/{layer}.jsonl"


def steps_file(layer: int) -> str:
    """Return the name of the file with a layer's steps."""
    return f"layers/{layer}.steps.jsonl"


MAX_LAYERS = 500
"""About the most layers of a job: an execution's history of 25,000 events has room for several times as many."""


WORKERS = 10
"""Batches of a layer before they grow: about as many run at once."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The number of steps in a batch: `side_by_side` to `most` in a layer, by its length, `in_a_row` in a row.

    A job keeps the sizes with which it was first laid out, since its closed batches have them.
    """

    side_by_side: int = 25
    in_a_row: int = 500
    most: int = 100

    def fitting(self, operations: int) -> "Sizes":
        """Return the sizes for a job of so many operations: a very long one has longer rows."""
        return replace(self, in_a_row=max(self.in_a_row, operations // MAX_LAYERS))

    def of_layer(self, steps: int) -> int:
        """Return the number of steps in each batch of a layer with so many steps."""
        return max(self.side_by_side, min(self.most, -(-steps // WORKERS)))

    def few(self, operations: int) -> int:
        """Return how many independent steps are worth a layer: a job must not have too many layers."""
        return max(2 * self.side_by_side, operations // MAX_LAYERS)


@dataclass(frozen=True, slots=True)
class Layer:
    """Batches of steps that can run side by side."""

    batches: tuple[Sequence[Step], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """A layer as stored: a line for each batch, and the steps."""

    lines: bytes
    steps: bytes


def layers_of(waves: Sequence[Sequence[Step]], operations: int, sizes: Sizes) -> tuple[Layer, ...]:
    """Return the layers, to run one after the other, for the waves of a job of `operations` operations."""
    return tuple(_layers(waves, sizes.few(operations), sizes.fitting(operations)))


def files_of(
    job: tuple[str, str], first_layer: int, layers: Sequence[Layer], tasks: Mapping[int, Task]
) -> Iterator[Files]:
    """Yield the files of each layer of a tenant's job; `first_layer` is the number of the first layer."""
    for number, layer in enumerate(layers, first_layer):
        lines: list[bytes] = []
        stored: list[bytes] = []
        start = 0
        for index, batch in enumerate(layer.batches):
            batch_tasks = [tasks[number_of(step)] for step in batch]
            content = b"".join(task.line() for task in batch_tasks)
            numbers = tuple(task.number for task in batch_tasks)
            lines.append(Batch(*job, number, index, start, len(content), numbers).line())
            stored.append(content)
            start += len(content)
        yield Files(b"".join(lines), b"".join(stored))


def _layers(waves: Sequence[Sequence[Step]], few: int, sizes: Sizes) -> Iterator[Layer]:
    row: list[Step] = []
    for wave in waves:
        if len(wave) < few:
            row += wave
            continue
        yield from _rows(row, sizes.in_a_row)
        row = []
        yield Layer(tuple(_split(wave, sizes.of_layer(len(wave)))))
    yield from _rows(row, sizes.in_a_row)


def _rows(row: Sequence[Step], size: int) -> Iterator[Layer]:
    return (Layer((steps,)) for steps in _split(row, size))


def _split(steps: Sequence[Step], size: int) -> Iterator[Sequence[Step]]:
    return (steps[start : start + size] for start in range(0, len(steps), size))


_ERRORS_BY_NAME: Final = {
    name: member
    for name, member in vars(errors).items()
    if isinstance(member, type) and issubclass(member, ScimError)
}
"""Each can be made from a detail alone. The names are stored: whoever renames a class of scim.errors keeps its old
name readable here."""


def stored_error(error: ScimError) -> list[str]:
    """Return the name of the error's class, in scim.errors, and its detail, as a file stores them."""
    kind = next(class_ for class_ in type(error).__mro__ if class_ in _ERRORS_BY_NAME.values())
    return [kind.__name__, error.detail]


def restored_error(name: str, detail: str) -> ScimError:
    """Return the stored error. Raises KeyError for an unknown class name."""
    return _ERRORS_BY_NAME[name](detail)
