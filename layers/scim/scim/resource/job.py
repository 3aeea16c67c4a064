"""A job: what was requested, by whom, and its progress."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scim.errors import InvalidValue

JOB_URN: Final = "urn:serverless-scim:params:scim:schemas:core:1.0:Job"
ENDPOINT: Final = "/Jobs"
RESULT: Final = "Result"


class JobKind(StrEnum):
    """The kind of a job."""

    BULK = "bulk"
    IMPORT = "import"
    EXPORT = "export"
    UNDO = "undo"


class Format(StrEnum):
    """The format of a directory in a file."""

    BULK = "bulk"
    NDJSON = "ndjson"
    CSV = "csv"
    LDIF = "ldif"

    @property
    def has_columns(self) -> bool:
        """Return whether a mapping assigns its columns to attributes."""
        return self in {Format.CSV, Format.LDIF}

    @property
    def is_written(self) -> bool:
        """Return whether exports can have it; imports can have every format."""
        return self is not Format.LDIF


def not_written(format_: Format) -> InvalidValue:
    """Return the error of an export in a format that is only read."""
    *others, last = (known for known in Format if known.is_written)
    return InvalidValue(
        f"format: {format_} is for imports; expected {', '.join(others)} or {last}."
    )


class Existing(StrEnum):
    """What an import does with a resource that already exists."""

    REFUSE = "refuse"
    UPDATE = "update"


class Status(StrEnum):
    """The status of a job; in the first three it can still change something."""

    WAITING = "waiting"
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATUSES: Final = frozenset({Status.WAITING, Status.PENDING, Status.RUNNING})


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request; a failed job can be continued until it is deleted.

    `token_id`, `owner`, `scopes` and `filters` are those of the caller: the operations have the
    caller's permissions and see what the caller sees. `starter` with `starter_token` is the caller who
    started it; the job keeps only the scopes that both have. `file` is the entity tag of its file at the
    start, `file_bytes` its declared length, 0 if not declared. `profile` and `definitions` (a version)
    are those of the caller. `done` counts finished operations and `errors` refused ones, batch by batch.
    An undo reverts the writes of `undo_of`, a request or job, or of `undo_token` from `undo_since` to
    `undo_until`, or restores the resource at the path `undo_deleted`. At `until`, in seconds since 1970,
    all its data can be deleted. `types` are those of an export; `is_dry` says that the job only reports
    what it would change; `error` says why the job as a whole failed; `run` counts its restarts.
    """

    tenant: str
    id: str
    created: str
    until: int
    base_url: str
    token_id: str
    scopes: frozenset[str]
    operations: int
    fail_on_errors: int = 0
    kind: JobKind = JobKind.BULK
    format: Format = Format.BULK
    existing: Existing = Existing.REFUSE
    is_dry: bool = False
    types: tuple[str, ...] = ()
    filters: str = ""
    profile: str = ""
    definitions: str = ""
    owner: str = ""
    starter: str = ""
    starter_token: str = ""
    file_bytes: int = 0
    file: str = ""
    undo_of: str = ""
    undo_token: str = ""
    undo_deleted: str = ""
    undo_since: str = ""
    undo_until: str = ""
    status: Status = Status.PENDING
    last_modified: str = ""
    done: int = 0
    errors: int = 0
    error: str = ""
    run: int = 0

    @property
    def execution(self) -> str:
        """Return the name of the state machine's execution for this run."""
        return f"{self.id}-{self.run}" if self.run else self.id

    def is_run_by(self, execution: str) -> bool:
        """Return whether an execution may report for the job: that of this run, or one begun by hand."""
        name, _, run = execution.rpartition("-")
        is_of_a_run = execution == self.id or (name == self.id and run.isdecimal())
        return execution == self.execution or not is_of_a_run

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def location(self) -> str:
        return f"{self.base_url}{ENDPOINT}/{self.id}"

    @property
    def is_stopped_by_errors(self) -> bool:
        """Return whether errors stop further operations (RFC 7644 section 3.7, failOnErrors)."""
        return 0 < self.fail_on_errors <= self.errors

    def json(self) -> dict[str, object]:
        """Return the job as a resource."""
        members: dict[str, object] = {
            "schemas": [JOB_URN],
            "id": self.id,
            "kind": self.kind,
            "format": self.format,
            "status": self.status,
            "operations": {
                "total": self.operations,
                "done": self.done,
                "failed": self.errors,
            },
            "percentDone": self._percent(),
            "failOnErrors": self.fail_on_errors,
        }
        if self.kind is JobKind.IMPORT:
            members |= {"existing": self.existing, "dryRun": self.is_dry}
        if self.kind is JobKind.EXPORT:
            members["resourceTypes"] = list(self.types)
        if self.kind is JobKind.UNDO:
            members |= {"undoes": self._undone(), "dryRun": self.is_dry}
        if self.error:
            members["error"] = self.error
        return {
            **members,
            "result": {"$ref": f"{self.location}/{RESULT}"},
            "meta": {
                "resourceType": "Job",
                "created": self.created,
                "lastModified": self.last_modified or self.created,
                "location": self.location,
            },
        }

    def _undone(self) -> dict[str, str]:
        if self.undo_of:
            return {"transaction": self.undo_of}
        if self.undo_deleted:
            return {"deleted": self.undo_deleted}
        span = {"since": self.undo_since, "until": self.undo_until}
        return {"token": self.undo_token, **span}

    def _percent(self) -> int:
        if self.operations:
            return min(100, 100 * self.done // self.operations)
        return 0 if self.is_open else 100
