"""What jobs need from outside, as Protocols; the rules are part of the contract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scim.resource.change import Receipt
from scim.resource.history.once import Once
from scim.resource.job import Job, Status

Result = Mapping[str, object]


class Jobs(Protocol):
    """The jobs of all tenants; those of another tenant are never visible."""

    def add(self, job: Job, once: Once | None = None) -> None:
        """Store a new job, and that it was made under an Idempotency-Key."""

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return the job as of now, or None."""

    def all(self, tenant: str) -> Sequence[Job]:
        """Return every job that is not forgotten yet, the youngest first."""

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        """Return up to `limit` jobs, the youngest first, those older than the one of the id `beyond`.

        Fewer come only where there are no more.
        """

    def count_open(self, tenant: str) -> int:
        """Return how many of the tenant's jobs are open, whoever sees them."""

    def begin(self, job: Job, begun: Job, now: str) -> bool:
        """Store that a job is begun: who did, with which scopes, and which run of it that is.

        Does nothing when status or run have changed since `job` was read; tells whether they had not.
        """

    def turn(
        self, job: Job, status: Status, now: str, error: str = "", unmade: Once | None = None
    ) -> bool:
        """Change the status unless it has changed since the job was read; tell whether it did.

        `error` is why the job as a whole could not be done; the key `unmade` has made nothing then.
        """

    def size(self, job: Job, operations: int, fail_on_errors: int, now: str) -> bool:
        """Say how many operations there are, unless the status has changed; tell whether it did."""

    def advance(self, job: Job, done: int, now: str) -> bool:
        """Say how much is done, unless the status has changed; tell whether it did."""

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

    def claim(self, tenant: str, receipt: Receipt, value: str) -> int:
        """Claim a value for a step unless another has it; return the step that has it now."""


class Payloads(Protocol):
    """The large parts of jobs, by name."""

    def put(self, tenant: str, job: str, name: str, content: bytes) -> None:
        """Store a part; storing it again replaces it."""

    def read(self, tenant: str, job: str, name: str) -> bytes:
        """Return a whole part."""

    def read_range(
        self, tenant: str, job: str, name: str, start: int, length: int, etag: str = ""
    ) -> bytes:
        """Return `length` bytes of a part from `start` on.

        Raises Conflict when the part has another entity tag than the one that is given.
        """

    def size(self, tenant: str, job: str, name: str) -> int | None:
        """Return how many bytes a part has, None when there is no such part."""

    def stored(self, tenant: str, job: str, name: str) -> tuple[int, str] | None:
        """Return how many bytes a part has and its entity tag, None when there is no such part."""

    def stream(self, tenant: str, job: str, name: str, etag: str = "") -> Iterator[bytes]:
        """Yield a whole part in pieces; raises Conflict as `read_range` does."""

    def clear(self, tenant: str, job: str) -> None:
        """Forget every part of the job."""

    def upload_url(
        self, tenant: str, job: str, name: str, seconds: int, size: int | None = None
    ) -> str:
        """Return where anybody can put the part, for a while; one of that size, if one is given."""

    def download_url(self, tenant: str, job: str, name: str, seconds: int) -> str:
        """Return where anybody can get the part, for a while."""

    def begin(self, tenant: str, job: str, name: str) -> str:
        """Begin a part that is written in pieces; return the name of this upload."""

    def append(
        self, tenant: str, job: str, name: str, writing: str, number: int, content: bytes
    ) -> str:
        """Store a piece, 1 is the first; storing it again replaces it. Return its ETag.

        Each but the last has at least 5 MB.
        """

    def complete(
        self, tenant: str, job: str, name: str, writing: str, marks: Sequence[str]
    ) -> None:
        """Make a part of its pieces; doing it again does nothing."""


class Machine(Protocol):
    """Runs the steps of accepted jobs, sooner or later, again where they failed."""

    def start(self, job: Job) -> bool:
        """Start the job's run; does nothing while it is under way, returns False when it has ended."""

    def stop(self, job: Job) -> None:
        """Begin no further step of the job, as far as possible."""


class Rights(Protocol):
    """Tells whether the rights with which jobs were made and started are still there."""

    def refusal(self, job: Job) -> str:
        """Return why the job must not go on, nothing while it may."""


class JobBackend(Protocol):
    """Where jobs are kept, and what runs them."""

    @property
    def jobs(self) -> Jobs: ...
    @property
    def results(self) -> Results: ...
    @property
    def payloads(self) -> Payloads: ...
    @property
    def machine(self) -> Machine: ...
    @property
    def credentials(self) -> Rights: ...
