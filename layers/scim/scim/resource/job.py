"""A job: what was asked, by whom, and how far it has come."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

JOB_URN: Final = "urn:serverless-scim:params:scim:schemas:core:1.0:Job"
ENDPOINT: Final = "/Jobs"
RESULT: Final = "Result"


class Status(StrEnum):
    """Where a job stands; the first two may still change something."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({Status.PENDING, Status.RUNNING})


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request; a failed job can be taken up again, until it is forgotten.

    `token_id` and `scopes` are those of the caller: operations are done with their permissions.
    `done` counts finished operations and `errors` those that were refused, batch by batch;
    `until` is when everything about it may be forgotten, in seconds since 1970.
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
    status: Status = Status.PENDING
    last_modified: str = ""
    done: int = 0
    errors: int = 0

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
        return {
            "schemas": [JOB_URN],
            "id": self.id,
            "status": self.status,
            "operations": {
                "total": self.operations,
                "done": self.done,
                "failed": self.errors,
            },
            "percentDone": 100 * self.done // self.operations if self.operations else 100,
            "failOnErrors": self.fail_on_errors,
            "result": {"$ref": f"{self.location}/{RESULT}"},
            "meta": {
                "resourceType": "Job",
                "created": self.created,
                "lastModified": self.last_modified or self.created,
                "location": self.location,
            },
        }
