"""What jobs need from outside, as Protocols; the rules are part of the contract."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from scim.resource.change import Receipt
from scim.resource.job import Job, Status

Result = Mapping[str, object]


class Jobs(Protocol):
    """The jobs of all tenants; those of another tenant are never visible."""

    def add(self, job: Job) -> None:
        """Store a new job."""

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return the job as of now, or None."""

    def all(self, tenant: str) -> Sequence[Job]:
        """Return every job that is not forgotten yet, the youngest first."""

    def turn(self, job: Job, status: Status, now: str) -> bool:
        """Change the status unless it has changed since the job was read; tell whether it did."""

    def is_closed(self, tenant: str, id_: str, layer: int, batch: int) -> bool:
        """Tell whether a batch has been closed."""

    def close(self, job: Job, place: tuple[int, int], counts: tuple[int, int], now: str) -> None:
        """Close a batch, at its place of layer and number, unless it is closed.

        `counts` are the operations done and those of them refused: the job's counts grow by
        them exactly once.
        """


class Results(Protocol):
    """The results of a job's steps; a step's result never changes once it is there.

    A change stored with a Receipt brings the result along, in the same transaction.
    """

    def of(self, tenant: str, job: str, steps: Iterable[int]) -> Mapping[int, Result]:
        """Return the results of those steps that have one, as of now."""

    def between(self, tenant: str, job: str, first: int, end: int) -> Mapping[int, Result]:
        """Return the results of the steps from `first` up to, not including, `end`."""

    def note(self, tenant: str, receipt: Receipt) -> None:
        """Store the result of a step that changed nothing; raises AlreadyMade if it has one."""


class Payloads(Protocol):
    """The large parts of jobs, by name."""

    def put(self, tenant: str, job: str, name: str, content: bytes) -> None:
        """Store a part; storing it again replaces it."""

    def read(self, tenant: str, job: str, name: str) -> bytes:
        """Return a whole part."""

    def read_range(self, tenant: str, job: str, name: str, start: int, length: int) -> bytes:
        """Return `length` bytes of a part from `start` on."""

    def clear(self, tenant: str, job: str) -> None:
        """Forget every part of the job."""


class Machine(Protocol):
    """Runs the steps of accepted jobs, sooner or later, again where they failed."""

    def start(self, tenant: str, job: str) -> None:
        """Start the job; starting it again does nothing."""

    def stop(self, job: str) -> None:
        """Begin no further step of the job, as far as possible."""


class Office(Protocol):
    """Where jobs are kept, and what runs them."""

    @property
    def jobs(self) -> Jobs: ...
    @property
    def results(self) -> Results: ...
    @property
    def payloads(self) -> Payloads: ...
    @property
    def machine(self) -> Machine: ...
