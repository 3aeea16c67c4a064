"""A job: what was asked, by whom, and how far it has come."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

JOB_URN: Final = "urn:serverless-scim:params:scim:schemas:core:1.0:Job"
ENDPOINT: Final = "/Jobs"
RESULT: Final = "Result"
START: Final = "Start"


class JobKind(StrEnum):
    """What a job does."""

    BULK = "bulk"
    IMPORT = "import"
    EXPORT = "export"
    UNDO = "undo"


class Format(StrEnum):
    """How a directory is written into a file; LDIF is read only."""

    BULK = "bulk"
    NDJSON = "ndjson"
    CSV = "csv"
    LDIF = "ldif"

    @property
    def has_columns(self) -> bool:
        """Tell whether a mapping has to say what its columns are."""
        return self in {Format.CSV, Format.LDIF}


class Existing(StrEnum):
    """What an import does with a resource that is there already."""

    REFUSE = "refuse"
    UPDATE = "update"


class Status(StrEnum):
    """Where a job stands; the first three may still change something."""

    WAITING = "waiting"
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({Status.WAITING, Status.PENDING, Status.RUNNING})


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request; a failed job can be taken up again, until it is forgotten.

    `token_id`, `owner`, `scopes` and `filters` are those of the caller: operations are done with
    their permissions, and see what they see. Who starts it, `starter` with `starter_token`, leaves
    it no scopes but those both have; `file` is the entity tag of its file at that moment,
    `file_bytes` how long it was said to be, 0 for nothing said; `profile` and `definitions`, a version, say what they are
    served.
    `done` counts finished operations and `errors` those that were refused, batch by batch;
    `undo_of` is the request or job whose writes an undo takes back, or else those of `undo_token`
    are meant, from `undo_since` to `undo_until`; `undo_deleted` is the path of a resource that it restores.
    `until` is when everything about it may be forgotten, in seconds since 1970. `types` are those
    of an export; `is_dry` tells that an import only says what it would change; `error` why the job
    as a whole could not be done; `run` how often it was started again.
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
        """Return the name of the state machine's execution that does this run."""
        return f"{self.id}-{self.run}" if self.run else self.id

    def is_run_by(self, execution: str) -> bool:
        """Tell whether an execution speaks for the job: no other run's does, one begun by hand does."""
        name, _, run = execution.rpartition("-")
        is_of_a_run = execution == self.id or (name == self.id and run.isdecimal())
        return execution == self.execution or not is_of_a_run

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def location(self) -> str:
        return f"{self.base_url}{ENDPOINT}/{self.id}"

    @property
    def is_stopped_by_errors(self) -> bool:
        """Tell whether no further operation is begun (RFC 7644 section 3.7, failOnErrors)."""
        return 0 < self.fail_on_errors <= self.errors

    def json(self) -> dict[str, object]:
        """Return the job as a resource."""
        shown: dict[str, object] = {
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
            shown |= {"existing": self.existing, "dryRun": self.is_dry}
        if self.kind is JobKind.EXPORT:
            shown["resourceTypes"] = list(self.types)
        if self.kind is JobKind.UNDO:
            shown |= {"undoes": self._undone(), "dryRun": self.is_dry}
        if self.error:
            shown["error"] = self.error
        return {
            **shown,
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
