"""A job that takes back writes: declared like others, its operations computed from the log when it is begun."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from scim.errors import Conflict, Forbidden
from scim.resource.job import Job, JobKind, Status
from scim.service.bulk.request import BULK_REQUEST_URN
from scim.service.feed.undo import UndoneWrites, undoing
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.context import JobContext


class Undone(BaseModel):
    """What a client says of the writes that it wants taken back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    transaction: str = Field(default="", max_length=128)
    token: str = Field(default="", max_length=128)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        spans = self.since is not None and self.until is not None
        if self.transaction and not (self.token or self.since or self.until):
            return self
        if self.token and spans and not self.transaction:
            return self
        raise ValueError("expected transaction, or token with since and until")


def undo_of(job: Job, undone: Undone, *, is_dry: bool) -> Job:
    """Return the job that takes the writes back; raises Forbidden for who sees a part only."""
    if job.filters:
        raise Forbidden("An undo is about every resource, these credentials see a part.")
    return replace(
        job,
        kind=JobKind.UNDO,
        status=Status.PENDING,
        is_dry=is_dry,
        undo_of=undone.transaction,
        undo_token=undone.token,
        undo_since=_text(undone.since),
        undo_until=_text(undone.until),
    )


def write_down(job_context: JobContext, job: Job) -> None:
    """Store the operations of an undo, unless they are there.

    Raises Conflict where the tenant's changes are not logged, and where none is of them.
    """
    payloads, changes = job_context.backend.payloads, job_context.changes
    if payloads.size(job.tenant, job.id, REQUEST_FILE) is not None:
        return
    if changes is None or not changes.feeds.of(job.tenant).is_on:
        raise Conflict("This tenant has no change log, from which its writes could be taken back.")
    writes = UndoneWrites(job.undo_of, job.undo_token, job.undo_since, job.undo_until)
    operations = undoing(changes.log, job.tenant, writes, job_context.deployment.catalogue)
    if not operations:
        raise Conflict("The change log holds no writes of these, or not yet: start the job again.")
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    payloads.put(job.tenant, job.id, REQUEST_FILE, content)


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat()
