"""Batches: what one worker does in one go, as lines of files that plan and worker agree on.

A layer is a file of lines, each naming a batch, and a file of the steps themselves, of which
a batch is a stretch. The steps of different batches of a layer can be done in any order.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from scim import errors
from scim.errors import ScimError
from scim.service.bulk.plan import Step
from scim.service.bulk.request import Method, Operation


def number_of(step: Step) -> int:
    """Return the number of a step: an operation has two, to create and to link."""
    return 2 * step.operation.position + step.is_link


@dataclass(frozen=True, slots=True)
class Task:
    """A step, and the numbers of the steps that make what it refers to, by bulkId."""

    step: Step
    needs: Mapping[str, int]

    @property
    def number(self) -> int:
        return number_of(self.step)

    def line(self) -> bytes:
        """Return the task as one line."""
        operation = self.step.operation
        fault = operation.fault
        shown = {
            "position": operation.position,
            "method": operation.method,
            "bulkId": operation.bulk_id,
            "version": operation.version,
            "segment": operation.segment,
            "id": operation.id,
            "line": operation.line,
            "data": operation.data,
            "fault": None if fault is None else [type(fault).__name__, fault.detail],
            "deferred": sorted(self.step.deferred),
            "isLink": self.step.is_link,
            "needs": self.needs,
        }
        return _line(shown)

    @classmethod
    def of_line(cls, line: bytes) -> Self:
        """Read a task."""
        sent: dict[str, Any] = json.loads(line)
        operation = Operation(
            sent["position"],
            None if sent["method"] is None else Method(sent["method"]),
            bulk_id=sent["bulkId"],
            version=sent["version"],
            segment=sent["segment"],
            id=sent["id"],
            line=sent["line"],
            data=sent["data"],
            fault=None if sent["fault"] is None else _fault(*sent["fault"]),
        )
        return cls(Step(operation, frozenset(sent["deferred"]), sent["isLink"]), sent["needs"])


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of a layer's steps: bytes from `start` on, with the numbers of its steps."""

    tenant: str
    job: str
    layer: int
    batch: int
    start: int
    length: int
    steps: tuple[int, ...]

    def line(self) -> bytes:
        """Return the batch as one line, which is also the input of the state that does it."""
        return _line({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def of_json(cls, sent: Mapping[str, Any]) -> Self:
        """Read what was one line."""
        fields = {name: sent[name] for name in cls.__slots__}
        return cls(**{**fields, "steps": tuple(sent["steps"])})


def tasks_in(lines: bytes) -> list[Task]:
    """Return the tasks of a batch."""
    return [Task.of_line(line) for line in lines.splitlines()]


def lines_file(layer: int) -> str:
    """Return the name of the file with a layer's batches."""
    return f"layers/{layer}.jsonl"


def steps_file(layer: int) -> str:
    """Return the name of the file with a layer's steps."""
    return f"layers/{layer}.steps.jsonl"


def joined(lines: Iterable[bytes]) -> bytes:
    """Return a whole file."""
    return b"".join(lines)


def _line(value: Mapping[str, object]) -> bytes:
    # ASCII only: no character of the client's can look like the end of a line.
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _fault(name: str, detail: str) -> ScimError:
    fault: ScimError = getattr(errors, name)(detail)
    return fault
