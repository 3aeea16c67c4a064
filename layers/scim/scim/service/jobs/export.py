"""An export, part by part: a repeated invocation continues where the last one ended."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from scim.errors import NotFound
from scim.resource.job import Format, Job, Status
from scim.service.endpoint import Endpoint
from scim.service.jobs.accept import MAPPING_FILE
from scim.service.jobs.context import JobContext
from scim.service.jobs.open_job import open_job
from scim.service.transfer.export import MOST_VALUES, Export, Mark
from scim.service.transfer.mapping import Columns
from scim.service.transfer.registry import writer_of

EXPORT_FILE: Final = "export"
POINT_FILE: Final = "export.point.json"
PART_BYTES: Final = 8_388_608
"""Bytes of a part in memory; S3 accepts 10,000 parts, and only the last may be smaller than 5 MB."""


class Unfinished(Exception):
    """No time is left for the rest: continue in a new invocation."""


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """The progress of an export: its stored parts, and where to continue after them and after `rest`.

    `rest` is the beginning of the next part, which a step had no time to fill.
    """

    writing: str
    mark: Mark = field(default_factory=Mark)
    parts: tuple[str, ...] = ()
    resources: int = 0
    is_whole: bool = False
    rest: str = ""

    @classmethod
    def of_json(cls, content: bytes) -> Self:
        """Return the progress in a stored file."""
        members: dict[str, Any] = json.loads(content)
        return cls(**{**members, "mark": Mark(**members["mark"]), "parts": tuple(members["parts"])})


def export(job_context: JobContext, tenant: str, id_: str, is_late: Callable[[], bool]) -> None:
    """Write the rest of an export. Raises Unfinished."""
    job = open_job(job_context, tenant, id_)
    if job is None:
        return
    progress = _point(job_context, job)
    if not progress.is_whole:
        finished = _written(job_context, job, progress, is_late)
        if finished is None:
            return  # The job was ended meanwhile.
        progress = finished
    with _starting_over(job_context, job):
        job_context.backend.payloads.complete(
            tenant, id_, EXPORT_FILE, progress.writing, progress.parts
        )
    now = job_context.deployment.clock.now()
    if job_context.backend.jobs.size(job, progress.resources, 0, now):
        job_context.backend.jobs.advance(job, progress.resources, now)
        job_context.backend.jobs.turn(job, Status.COMPLETED, now)


def _written(
    job_context: JobContext, job: Job, progress: ExportProgress, is_late: Callable[[], bool]
) -> ExportProgress | None:
    writer = writer_of(job.format, job_context.deployment.catalogue, _mapping(job_context, job))
    endpoints = _endpoints(job_context, job)
    selection = Export(
        endpoints, writer, job.created, min(MOST_VALUES, job_context.deployment.bounds.members)
    )
    is_begun = bool(progress.mark.type)
    beginning = progress.rest.encode() if is_begun else writer.beginning()
    parts, resources = progress.parts, progress.resources
    pieces = [beginning]
    weight = len(beginning)
    for piece in selection.pieces(progress.mark):
        if not piece.content:
            continue
        pieces.append(writer.between + piece.content if is_begun else piece.content)
        weight += len(pieces[-1])
        is_begun = True
        resources += piece.resources
        is_full = weight >= PART_BYTES
        if not is_full and not is_late():
            continue
        content = b"".join(pieces)
        if is_full:
            parts = (*parts, _stored(job_context, job, progress, parts, content))
        pieces, weight = [], 0
        rest = "" if is_full else content.decode()
        progress = replace(progress, mark=piece.mark, parts=parts, resources=resources, rest=rest)
        _keep(job_context, job, progress)
        if not job_context.backend.jobs.advance(job, resources, job_context.deployment.clock.now()):
            return None
        if open_job(job_context, job.tenant, job.id) is None:
            return None
        if rest or is_late():
            raise Unfinished
    pieces.append(writer.end())
    if any(pieces) or not parts:
        parts = (*parts, _stored(job_context, job, progress, parts, b"".join(pieces)))
    finished = replace(progress, parts=parts, resources=resources, is_whole=True, rest="")
    _keep(job_context, job, finished)
    return finished


def _stored(
    job_context: JobContext,
    job: Job,
    progress: ExportProgress,
    parts: tuple[str, ...],
    content: bytes,
) -> str:
    number = len(parts) + 1
    with _starting_over(job_context, job):
        return job_context.backend.payloads.append(
            job.tenant, job.id, EXPORT_FILE, progress.writing, number, content
        )


@contextmanager
def _starting_over(job_context: JobContext, job: Job) -> Iterator[None]:
    """Begin the file anew if its upload has expired, before a failed export was started again. Raises Unfinished."""
    try:
        yield
    except NotFound:
        _begun(job_context, job)
        raise Unfinished from None


def _point(job_context: JobContext, job: Job) -> ExportProgress:
    payloads = job_context.backend.payloads
    if payloads.size(job.tenant, job.id, POINT_FILE) is not None:
        return ExportProgress.of_json(payloads.read(job.tenant, job.id, POINT_FILE))
    return _begun(job_context, job)


def _begun(job_context: JobContext, job: Job) -> ExportProgress:
    payloads = job_context.backend.payloads
    progress = ExportProgress(payloads.begin(job.tenant, job.id, EXPORT_FILE))
    _keep(job_context, job, progress)
    return progress


def _keep(job_context: JobContext, job: Job, progress: ExportProgress) -> None:
    content = json.dumps(asdict(progress)).encode()
    job_context.backend.payloads.put(job.tenant, job.id, POINT_FILE, content)


def _endpoints(job_context: JobContext, job: Job) -> list[Endpoint]:
    types = [job_context.deployment.catalogue.resource_type(name) for name in job.types]
    return [job_context.endpoint(job, type_) for type_ in types if type_ is not None]


def _mapping(job_context: JobContext, job: Job) -> Columns | None:
    if job.format is not Format.CSV:
        return None
    content = job_context.backend.payloads.read(job.tenant, job.id, MAPPING_FILE)
    return Columns.of_json(json.loads(content))
