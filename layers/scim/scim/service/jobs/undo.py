"""A job that undoes writes: declared like others; its operations are computed from the log when it starts."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from scim.errors import Conflict, Forbidden
from scim.resource.job import Job, JobKind, Status
from scim.resource.record import Key
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.feed.ports import AppendableFeed
from scim.service.feed.undo import UndoneWrites, undoing
from scim.service.feed.undo_order import Operation
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.context import JobContext

STREAM_HOURS = 24
"""How long DynamoDB keeps changes that the log does not contain yet."""
NOT_CAUGHT_UP = (
    "The change log has not caught up with the last changes, which would be left out."
    " Nothing was undone; start the job again later."
)


class Undone(BaseModel):
    """A client's selection of the writes to undo."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    transaction: str = Field(default="", max_length=128)
    token: str = Field(default="", max_length=128)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    deleted: str = Field(default="", max_length=256)
    """The path of a deleted resource, such as `Users/2819c223`."""

    @field_validator("since", "until")
    @classmethod
    def _in_utc(cls, moment: datetime | None) -> datetime | None:
        try:
            return None if moment is None else moment.astimezone(UTC)
        except OverflowError as error:
            raise ValueError("expected a time that exists in UTC") from error

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        has_both_moments = self.since is not None and self.until is not None
        has_token = bool(self.token or self.since or self.until)
        if [bool(self.transaction), has_token, bool(self.deleted)].count(True) == 1 and (
            not has_token or (self.token and has_both_moments)
        ):
            return self
        raise ValueError("expected transaction, token with since and until, or deleted")


def undo_of(job: Job, undone: Undone, *, is_dry: bool) -> Job:
    """Return the job that undoes the writes. Raises Forbidden for a caller with filters."""
    if job.filters:
        raise Forbidden("An undo covers every resource, but these credentials see only a part.")
    return replace(
        job,
        kind=JobKind.UNDO,
        status=Status.PENDING,
        is_dry=is_dry,
        undo_of=undone.transaction,
        undo_deleted=undone.deleted.strip("/"),
        undo_token=undone.token,
        undo_since=_text(undone.since),
        undo_until=_text(undone.until),
    )


def write_down(job_context: JobContext, job: Job) -> None:
    """Store the operations of an undo, unless they are stored.

    Raises Conflict when the tenant's changes are not logged or the log has none of these writes,
    LogBehind when some are not logged yet.
    """
    payloads = job_context.backend.payloads
    if payloads.size(job.tenant, job.id, REQUEST_FILE) is not None:
        return
    operations = _restoring(job_context, job) if job.undo_deleted else _taken_back(job_context, job)
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    payloads.put(job.tenant, job.id, REQUEST_FILE, content)


def _restoring(job_context: JobContext, job: Job) -> list[Operation]:
    """Return the operation that restores one resource. Raises Conflict when no copy is kept."""
    segment, _, id_ = job.undo_deleted.partition("/")
    resource_type = job_context.deployment.catalogue.by_endpoint(segment)
    if resource_type is None or not _is_kept(job_context, job, Key(resource_type.name, id_)):
        raise Conflict(
            f"There is no copy of {job.undo_deleted}: it exists, or it cannot be restored."
        )
    data = {"schemas": [resource_type.schema.id], "id": id_}
    return [{"method": "POST", "path": resource_type.endpoint, "bulkId": id_, "data": data}]


def _is_kept(job_context: JobContext, job: Job, key: Key) -> bool:
    deployment = job_context.deployment
    return deployment.directory.kept(job.tenant, key, deployment.clock.now()) is not None


def _taken_back(job_context: JobContext, job: Job) -> list[Operation]:
    change_feed = job_context.change_feed
    if change_feed is None or not change_feed.feeds.of(job.tenant).is_on:
        raise Conflict("This tenant has no change log, so its writes cannot be undone.")
    _require_log(job_context, change_feed, job)
    writes = UndoneWrites(job.undo_of, job.undo_token, job.undo_since, job.undo_until)
    catalogue = job_context.deployment.catalogue
    is_kept = partial(_is_kept, job_context, job)
    operations = undoing(change_feed.log, job.tenant, writes, catalogue, is_kept)
    if not operations:
        raise Conflict("The change log has no such writes.")
    return operations


def _require_log(job_context: JobContext, change_feed: AppendableFeed, job: Job) -> None:
    """Raise LogBehind unless everything that the writes may have changed is logged.

    A change older than STREAM_HOURS is logged or lost.
    """
    now = datetime.fromisoformat(job_context.deployment.clock.now())
    undone = job_context.backend.jobs.find(job.tenant, job.undo_of) if job.undo_of else None
    begun_at = undone.created if undone is not None else job.undo_since
    since = now - timedelta(hours=STREAM_HOURS)
    if begun_at:
        since = max(since, datetime.fromisoformat(begun_at))
    types = [resource_type.name for resource_type in job_context.deployment.catalogue.stored_types]
    if next(change_feed.log.unlogged(job.tenant, types, _text(since)), None) is not None:
        raise LogBehind


class LogBehind(Exception):
    """The change log does not contain all writes to undo yet: the machine waits for it."""


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
