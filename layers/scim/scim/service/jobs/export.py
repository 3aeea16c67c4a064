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
from scim.service.jobs.ports import Payloads
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
    file = _ExportFile(job_context.backend.payloads, job)
    progress = file.progress()
    if not progress.is_whole:
        finished = _written(job_context, file, progress, is_late)
        if finished is None:
            return  # The job was ended or started again meanwhile.
        progress = finished
    file.complete(progress)
    now = job_context.deployment.clock.now()
    if job_context.backend.jobs.size(job, progress.resources, 0, now):
        job_context.backend.jobs.advance(job, progress.resources, now)
        job_context.backend.jobs.turn(job, Status.COMPLETED, now)


@dataclass(frozen=True, slots=True)
class _ExportFile:
    """The stored parts of a job's export, and its stored progress."""

    payloads: Payloads
    job: Job

    def progress(self) -> ExportProgress:
        """Return the stored progress; begin the file if there is none."""
        if self.payloads.size(self.job.tenant, self.job.id, POINT_FILE) is None:
            return self._begun()
        content = self.payloads.read(self.job.tenant, self.job.id, POINT_FILE)
        return ExportProgress.of_json(content)

    def keep(self, progress: ExportProgress) -> None:
        """Store the progress."""
        content = json.dumps(asdict(progress)).encode()
        self.payloads.put(self.job.tenant, self.job.id, POINT_FILE, content)

    def with_part(self, progress: ExportProgress, content: bytes) -> ExportProgress:
        """Store the next part; return the progress with it, not yet stored. Raises Unfinished."""
        number = len(progress.parts) + 1
        with self._starting_over():
            part = self.payloads.append(
                self.job.tenant, self.job.id, EXPORT_FILE, progress.writing, number, content
            )
        return replace(progress, parts=(*progress.parts, part))

    def complete(self, progress: ExportProgress) -> None:
        """Join the parts to one file. Raises Unfinished."""
        with self._starting_over():
            self.payloads.complete(
                self.job.tenant, self.job.id, EXPORT_FILE, progress.writing, progress.parts
            )

    @contextmanager
    def _starting_over(self) -> Iterator[None]:
        """Begin the file anew if its upload has expired, or another run has replaced a part of it. Raises Unfinished."""
        try:
            yield
        except NotFound:
            self._begun()
            raise Unfinished from None

    def _begun(self) -> ExportProgress:
        writing = self.payloads.begin(self.job.tenant, self.job.id, EXPORT_FILE)
        progress = ExportProgress(writing)
        self.keep(progress)
        return progress


def _written(
    job_context: JobContext,
    file: _ExportFile,
    progress: ExportProgress,
    is_late: Callable[[], bool],
) -> ExportProgress | None:
    """Store the rest of the parts; return the progress, None if the job was ended or started again. Raises Unfinished."""
    job, deployment = file.job, job_context.deployment
    writer = writer_of(job.format, deployment.catalogue, _mapping(job_context, job))
    most_values = min(MOST_VALUES, deployment.bounds.members)
    selection = Export(_endpoints(job_context, job), writer, job.created, most_values)
    is_begun = bool(progress.mark.type)
    pieces = [progress.rest.encode() if is_begun else writer.beginning()]
    weight, resources = len(pieces[0]), progress.resources
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
        rest = "" if is_full else content.decode()
        progress = replace(progress, mark=piece.mark, resources=resources, rest=rest)
        if is_full:
            progress = file.with_part(progress, content)
        pieces, weight = [], 0
        file.keep(progress)
        if not job_context.backend.jobs.advance(job, resources, deployment.clock.now()):
            return None
        if open_job(job_context, job.tenant, job.id) is None:
            return None
        if rest or is_late():
            raise Unfinished
    pieces.append(writer.end())
    if any(pieces) or not progress.parts:
        progress = file.with_part(progress, b"".join(pieces))
    finished = replace(progress, resources=resources, is_whole=True, rest="")
    file.keep(finished)
    return finished


def _endpoints(job_context: JobContext, job: Job) -> list[Endpoint]:
    types = [job_context.deployment.catalogue.resource_type(name) for name in job.types]
    return [job_context.endpoint(job, type_) for type_ in types if type_ is not None]


def _mapping(job_context: JobContext, job: Job) -> Columns | None:
    if job.format is not Format.CSV:
        return None
    content = job_context.backend.payloads.read(job.tenant, job.id, MAPPING_FILE)
    return Columns.of_json(json.loads(content))
