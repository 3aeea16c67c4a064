"""Jobs as items: the fixed fields packed, and the status and counts as attributes.

`st` status, `done` and `errors` counts of operations, `m` lastModified, `ttl` its end; `n` number of
operations and `foe` failOnErrors, if they were counted later; `e` why it failed, `b` what was fixed when it
was begun, `r` how many times it was started again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from scim.resource.access_path import Direction
from scim.resource.change import AlreadyMade
from scim.resource.history.once import Once
from scim.resource.job import OPEN_STATUSES, Existing, Format, Job, JobKind, Status
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_members, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent, counts, equals, exists
from scim.store.guards.idempotency import created_id_put, created_id_removed
from scim.store.keys.directory import FIRST, LAST, is_id
from scim.store.keys.jobs import (
    batch_key,
    job_key,
    jobs_partition,
    open_job_key,
    open_jobs_partition,
)

_MOVING = {"status", "last_modified", "done", "errors", "until", "error", "run"}
_COUNTED = {"operations": "n", "fail_on_errors": "foe"}
_BEGUN = ("scopes", "starter", "starter_token", "file", "profile", "definitions")
_FIXED = tuple(field.name for field in fields(Job) if field.name not in _MOVING)


class DynamoJobs:
    """Implements the port `Jobs`; see there for the rules."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, job: Job, once: Once | None = None) -> None:
        """Store a new job, and record its id under the Idempotency-Key, if any."""
        members: Mapping[str, Any] = asdict(job)
        fixed = {name: members[name] for name in _FIXED} | {"scopes": sorted(job.scopes)}
        item: Item = {
            "k": "job",
            "s": SCHEMA,
            "st": job.status,
            "m": job.created,
            "ttl": job.until,
            "z": packed(fixed),
        }
        item_key = job_key(job.tenant, job.id)
        put = Write("Put", item_key, (absent(),), item=item)
        writes = [put, *_marked(job, job.status), *created_id_put(job.tenant, once, job.id)]
        try:
            self._table.write(writes)
        except ConditionFailed as failed_condition:
            raise failed_condition.cause() from failed_condition

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return the job, strongly consistent, or None."""
        row = self._table.item(job_key(tenant, id_)) if is_id(id_) else None
        return None if row is None else _job_of(row)

    def all(self, tenant: str) -> list[Job]:
        """Return every job that has not expired, newest first."""
        jobs = map(_job_of, self._table.rows(jobs_partition(tenant)).items)
        return sorted(jobs, key=lambda job: (job.created, job.id), reverse=True)

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> list[Job]:
        """Return up to `limit` jobs, newest first, beyond an id; ids are in order of time."""
        ends = FIRST, beyond or LAST
        # The id to continue beyond is read again and dropped.
        room = limit + (beyond is not None)
        rows = self._table.between(jobs_partition(tenant), ends, Direction.DOWN, room).items
        return [_job_of(row) for row in rows if row["sk"] != beyond][:limit]

    def count_open(self, tenant: str, now: int) -> int:
        """Return how many of the tenant's jobs are open and end after `now`."""
        rows = self._table.rows(open_jobs_partition(tenant)).items
        return sum(number(row, "ttl") > now for row in rows)

    def begin(self, job: Job, started: Job, now: str) -> bool:
        """Store that a job has begun, unless its status has changed. Tell whether it was stored."""
        members: Mapping[str, Any] = asdict(started)
        start = {name: members[name] for name in _BEGUN} | {"scopes": sorted(started.scopes)}
        sets: Item = {
            "st": started.status,
            "m": now,
            "e": "",
            "b": packed(start),
            "r": started.run,
        }
        return self._set(job, sets, started.status)

    def turn(
        self, job: Job, status: Status, now: str, error: str = "", unmade: Once | None = None
    ) -> bool:
        """Change the status, unless it has changed since the job was read. Tell whether this changed it."""
        sets: Item = {"st": status, "m": now, "e": error}
        return self._set(job, sets, status, created_id_removed(job.tenant, unmade))

    def size(self, job: Job, operations: int, fail_on_errors: int, now: str) -> bool:
        """Store the number of operations, unless the status has changed. Tell whether it was stored."""
        return self._set(job, {"n": operations, "foe": fail_on_errors, "m": now})

    def advance(self, job: Job, done: int, now: str) -> bool:
        """Store how many operations are done, unless the status or the run has changed. Tell whether it was stored."""
        return self._set(job, {"done": done, "m": now})

    def _set(
        self, job: Job, sets: Item, status: Status | None = None, more_writes: Sequence[Write] = ()
    ) -> bool:
        item_key = job_key(job.tenant, job.id)
        is_as_read = equals("st", job.status), counts("r", job.run)
        update = Write("Update", item_key, is_as_read, sets=sets)
        marks = (
            []
            if status is None or (status in OPEN_STATUSES) == job.is_open
            else _marked(job, status)
        )
        try:
            self._table.write([update, *marks, *more_writes])
        except ConditionFailed:
            return False
        return True

    def is_closed(self, tenant: str, id_: str, layer: int, batch: int) -> bool:
        """Tell whether a batch has been closed."""
        return self._table.item(batch_key(tenant, id_, layer, batch)) is not None

    def close(self, job: Job, place: tuple[int, int], counts: tuple[int, int], now: str) -> None:
        """Close a batch unless it is closed, so that the job's counts grow exactly once."""
        done, errors = counts
        closed = Write(
            "Put",
            batch_key(job.tenant, job.id, *place),
            (absent(),),
            item={"k": "batch", "s": SCHEMA, "ttl": job.until},
            refusal=AlreadyMade(),
        )
        counted = Write(
            "Update",
            job_key(job.tenant, job.id),
            (exists(),),
            sets={"m": now},
            adds={"done": done, "errors": errors},
        )
        try:
            self._table.write([closed, counted])
        except ConditionFailed as failed_condition:
            if not isinstance(failed_condition.cause(), AlreadyMade):
                raise failed_condition.cause() from failed_condition


def _marked(job: Job, status: Status) -> list[Write]:
    """Return the step that adds a job to the open jobs, or removes it."""
    item_key = open_job_key(job.tenant, job.id)
    if status not in OPEN_STATUSES:
        return [Write("Delete", item_key)]
    return [Write("Put", item_key, item={"k": "openJob", "s": SCHEMA, "ttl": job.until})]


def _job_of(row: Item) -> Job:
    members = packed_members(row, "z", _FIXED)
    if "b" in row:
        members |= packed_members(row, "b", _FIXED)
    progress = {name: number(row, key) for name, key in _COUNTED.items() if key in row}
    return Job(
        **{
            **members,
            **progress,
            "scopes": frozenset(members["scopes"]),
            # A job that was stored before it had a kind is a bulk request.
            "kind": JobKind(members.get("kind", JobKind.BULK)),
            "format": Format(members.get("format", Format.BULK)),
            "existing": Existing(members.get("existing", Existing.REFUSE)),
            "types": tuple(members.get("types", ())),
        },
        status=Status(text(row, "st")),
        last_modified=text(row, "m"),
        done=number(row, "done"),
        errors=number(row, "errors"),
        until=number(row, "ttl"),
        error=text(row, "e") if "e" in row else "",
        run=number(row, "r"),
    )
