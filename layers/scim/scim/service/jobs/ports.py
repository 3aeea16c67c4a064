"""What jobs need from outside, as Protocols; the docstrings are part of the contract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scim.resource.change import Receipt
from scim.resource.history.once import Once
from scim.resource.job import Job, Status
from scim.resource.overlay import OverlayChange, OverlayEntry

Result = Mapping[str, object]


class Jobs(Protocol):
    """The jobs of all tenants; those of another tenant are never visible."""

    def add(self, job: Job, once: Once | None = None) -> None:
        """Store a new job, and that it was created under an Idempotency-Key."""

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return the job as of now, or None."""

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        """Return up to `limit` jobs older than the one with the id `beyond`, newest first.

        Fewer than `limit` means that there are no more.
        """

    def count_open(self, tenant: str, now: int) -> int:
        """Return the number of the tenant's open jobs that end after `now`, whoever may see them.

        `now` is in seconds since 1970. Nobody can cancel an expired job that is still stored.
        """

    def begin(self, job: Job, started: Job, now: str) -> bool:
        """Store that a job was started: by whom, with which scopes, and the number of the run.

        Return False, and store nothing, when its status or run has changed since `job` was read.
        """

    def turn(
        self, job: Job, status: Status, now: str, error: str = "", unmade: Once | None = None
    ) -> bool:
        """Change the status unless it has changed since the job was read; tell whether it did.

        `error` is why the job as a whole failed; the Idempotency-Key `unmade` is freed then.
        """

    def size(self, job: Job, operations: int, fail_on_errors: int, now: str) -> bool:
        """Store the number of operations, unless the status has changed; tell whether it did."""

    def advance(self, job: Job, done: int, now: str) -> bool:
        """Store how many operations are done, unless the job's status or run has changed; tell whether it did."""

    def is_closed(self, tenant: str, id_: str, layer: int, batch: int) -> bool:
        """Tell whether a batch has been closed."""

    def close(self, job: Job, place: tuple[int, int], counts: tuple[int, int], now: str) -> None:
        """Close a batch, given its place (layer, number), unless it is closed.

        `counts` are the operations done and those of them refused: they are added to the job's counts
        exactly once.
        """


class Results(Protocol):
    """The results of a job's steps; a result never changes once it is stored.

    A change with a Receipt stores the result in the same transaction.
    """

    def of(self, tenant: str, job: str, steps: Iterable[int]) -> Mapping[int, Result]:
        """Return the results of those steps that have one, as of now."""

    def between(self, tenant: str, job: str, first: int, end: int) -> Mapping[int, Result]:
        """Return the results of the steps from `first` to `end`, `end` excluded."""

    def note(self, tenant: str, receipt: Receipt) -> None:
        """Store the result of a step that changed nothing. Raises AlreadyMade if it has a result."""

    def overlay_entries(
        self, tenant: str, job: str, names: Iterable[str]
    ) -> Mapping[str, OverlayEntry]:
        """Return the entries that a dry run's overlay has under some of the names, as of now."""

    def change_overlay(
        self, tenant: str, receipt: Receipt, overlay_changes: Sequence[OverlayChange]
    ) -> None:
        """Store what a step of a dry run would leave, together with its result.

        Raises AlreadyMade if the step has a result, Stale if content is based on an earlier revision.
        """


class Payloads(Protocol):
    """The large files of jobs, by name; each is called a part.

    A method that reads a part raises NotFound when there is none.
    """

    def put(self, tenant: str, job: str, name: str, content: bytes) -> None:
        """Store a part; storing it again replaces it."""

    def read(self, tenant: str, job: str, name: str) -> bytes:
        """Return a whole part."""

    def read_range(
        self, tenant: str, job: str, name: str, start: int, length: int, etag: str = ""
    ) -> bytes:
        """Return `length` bytes of a part from `start`.

        Raises Conflict when `etag` is given and is not the entity tag of the part.
        """

    def size(self, tenant: str, job: str, name: str) -> int | None:
        """Return the size of a part in bytes, None when there is no such part."""

    def stored(self, tenant: str, job: str, name: str) -> tuple[int, str] | None:
        """Return the size of a part in bytes and its entity tag, None when there is no such part."""

    def stream(self, tenant: str, job: str, name: str, etag: str = "") -> Iterator[bytes]:
        """Yield a whole part in pieces. Raises Conflict as `read_range` does."""

    def clear(self, tenant: str, job: str) -> None:
        """Delete every part of the job."""

    def upload_url(
        self, tenant: str, job: str, name: str, seconds: int, size: int | None = None
    ) -> str:
        """Return a URL at which anybody can upload the part for a while, of exactly `size` bytes if given."""

    def download_url(self, tenant: str, job: str, name: str, seconds: int) -> str:
        """Return a URL at which anybody can download the part for a while."""

    def begin(self, tenant: str, job: str, name: str) -> str:
        """Begin a part that is uploaded in pieces; return the id of the upload."""

    def append(
        self, tenant: str, job: str, name: str, writing: str, number: int, content: bytes
    ) -> str:
        """Store a piece, numbered from 1; storing it again replaces it. Return its ETag.

        Each piece but the last has at least 5 MB. Raises NotFound when the upload has expired, a day
        after it began.
        """

    def complete(
        self, tenant: str, job: str, name: str, writing: str, marks: Sequence[str]
    ) -> None:
        """Complete a part from its pieces; doing it again does nothing.

        Raises NotFound as `append` does, and when a piece was replaced after its ETag was returned.
        """


class Machine(Protocol):
    """Runs the steps of accepted jobs eventually, and repeats failed ones."""

    def start(self, job: Job) -> bool:
        """Start the job's run. Does nothing while it is under way; returns False when it has ended."""

    def stop(self, job: Job) -> None:
        """Begin no further step of the job, as far as possible."""


class Rights(Protocol):
    """Knows whether the credentials with which jobs were created and started are still valid."""

    def refusal(self, job: Job) -> str:
        """Return why the job must not continue; empty while it may."""


class JobBackend(Protocol):
    """Where jobs are stored, and what runs them."""

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
