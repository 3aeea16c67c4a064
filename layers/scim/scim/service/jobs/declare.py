"""Jobs that a client declares: an import, whose file it uploads and starts, an export, or an undo."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from scim.errors import (
    Conflict,
    Forbidden,
    InvalidSyntax,
    InvalidValue,
    PayloadTooLarge,
)
from scim.expectation import WithNumbers, expectation_of
from scim.permission import Permissions, shared_scopes
from scim.principal import Principal
from scim.resource.job import JOB_URN, Existing, Format, Job, JobKind, Status, not_written
from scim.schema.dialect_names import echo_of
from scim.service.jobs.accept import (
    MAPPING_FILE,
    REQUEST_FILE,
    add,
    new_job,
    require_room,
    start_new,
)
from scim.service.jobs.context import JobContext
from scim.service.jobs.export import EXPORT_FILE
from scim.service.jobs.filtered import job_with_id
from scim.service.jobs.undo import Undone, undo_of
from scim.service.transfer.export import ordered
from scim.service.transfer.mapping import Columns
from scim.service.visibility.restrict import fitting_filters

LINK_SECONDS: Final = 3600
"""How long a URL for an upload or a download is valid."""


class _Shape(WithNumbers):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    schemas: list[str] = Field(default_factory=lambda: [JOB_URN])
    kind: Literal["import", "export", "undo"]
    format: Format = Format.BULK
    mapping: dict[str, Any] | None = None
    dry_run: bool = False
    existing: Existing = Existing.REFUSE
    fail_on_errors: int = Field(default=0, ge=0)
    size: int | None = Field(default=None, ge=1)
    resource_types: list[str] = Field(default_factory=list)
    undoes: Undone | None = None


@dataclass(frozen=True, slots=True)
class SignedUrl:
    """A URL at which a file can be uploaded or downloaded for a while."""

    method: str
    url: str

    def json(self) -> dict[str, object]:
        """Return the URL as a member of a job."""
        return {"method": self.method, "$ref": self.url, "expiresIn": LINK_SECONDS}


def declared(
    job_context: JobContext, caller: Principal, base_url: str, body: Mapping[str, object]
) -> Job:
    """Return the declared job: an import waits for its file, the others have started.

    Raises InvalidSyntax and InvalidValue when the declaration is invalid, Forbidden for an export that
    the caller may not list or whose types the caller's filters do not fit, and for an undo by a caller with
    filters, PayloadTooLarge, TooManyRequests.
    """
    shape = _shape_of(body)
    mapping = _mapping(job_context, shape)
    _require_size(job_context, shape.size or 0)
    job = replace(
        new_job(job_context, caller, base_url),
        kind=JobKind(shape.kind),
        format=shape.format,
        status=Status.WAITING,
    )
    if job.kind is JobKind.UNDO:
        job = undo_of(job, _undone(shape), is_dry=shape.dry_run)
    elif job.kind is JobKind.EXPORT:
        job = replace(job, types=_types(job_context, caller, shape, mapping), status=Status.PENDING)
        if job.filters:
            fitting_filters(job.filters, job_context.deployment.catalogue)
    else:
        job = replace(
            job,
            existing=shape.existing,
            is_dry=shape.dry_run,
            fail_on_errors=shape.fail_on_errors,
            file_bytes=shape.size or 0,
        )
    require_room(job_context, job.tenant)
    if shape.mapping is not None:
        content = json.dumps(shape.mapping, separators=(",", ":")).encode()
        job_context.backend.payloads.put(job.tenant, job.id, MAPPING_FILE, content)
    add(job_context, job)
    if job.status is Status.PENDING:
        start_new(job_context, job)
    return job


def start(job_context: JobContext, caller: Principal, id_: str) -> Job:
    """Start an import whose file was uploaded, or continue a failed job. Return the job.

    A job that is under way continues. The job runs with the scopes that its owner and the caller share and
    with its owner's filters; a caller with other filters does not see the job.

    Raises NotFound, Conflict when there is no file or the job is completed or cancelled,
    PayloadTooLarge, TooManyRequests.
    """
    job = job_with_id(job_context, caller, id_)
    match job.status:
        case Status.WAITING:
            # They may have changed since it was declared, and nothing is read or stored with the earlier ones yet.
            defined = replace(job, profile=caller.profile, definitions=caller.definitions)
            return _begun(job_context, caller, job, _with_file(job_context, defined))
        case Status.PENDING | Status.RUNNING:
            # The caller before may have died before it reached the machine.
            if job_context.backend.machine.start(job):
                return job
            # The run has ended without setting a status, and nothing else will set it.
            return _begun(job_context, caller, job, replace(job, run=job.run + 1))
        case Status.FAILED:
            require_room(job_context, job.tenant)
            return _begun(job_context, caller, job, replace(job, run=job.run + 1))
    raise Conflict(f"The job is {job.status}; only a waiting or failed job can be started.")


def _with_file(job_context: JobContext, job: Job) -> Job:
    """Return the job with the entity tag of the file that is there now."""
    file = job_context.backend.payloads.stored(job.tenant, job.id, REQUEST_FILE)
    if file is None:
        raise Conflict("The job has no file; upload it first.")
    _require_size(job_context, file[0])
    return replace(job, file=file[1])


def _begun(job_context: JobContext, caller: Principal, job: Job, changed: Job) -> Job:
    """Start the changed job in the machine, unless another request was faster."""
    started = replace(
        changed,
        status=Status.PENDING,
        scopes=shared_scopes(job.scopes, caller.scopes),
        starter=caller.owner,
        starter_token=caller.token_id,
    )
    if job_context.backend.jobs.begin(job, started, job_context.deployment.clock.now()):
        job_context.backend.machine.start(started)
    return job_with_id(job_context, caller, job.id)


def upload(job_context: JobContext, job: Job) -> SignedUrl | None:
    """Return the URL to upload the job's file to; None if the job waits for no file."""
    if job.status is not Status.WAITING:
        return None
    payloads = job_context.backend.payloads
    url = payloads.upload_url(
        job.tenant, job.id, REQUEST_FILE, LINK_SECONDS, job.file_bytes or None
    )
    return SignedUrl("PUT", url)


def download(job_context: JobContext, job: Job) -> SignedUrl:
    """Return the URL of an export's file. Raises Conflict while there is none."""
    if job.status is not Status.COMPLETED:
        raise Conflict(f"The job is {job.status}; its file is available when it is completed.")
    payloads = job_context.backend.payloads
    return SignedUrl("GET", payloads.download_url(job.tenant, job.id, EXPORT_FILE, LINK_SECONDS))


def _require_size(job_context: JobContext, size: int) -> None:
    limit = job_context.deployment.bounds.import_bytes
    if size > limit:
        raise PayloadTooLarge(f"The file has {size} bytes; at most {limit} are taken.")


def _shape_of(body: Mapping[str, object]) -> _Shape:
    try:
        shape = _Shape.model_validate(body)
    except ValidationError as error:
        first_error = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(echo_of, first_error["loc"])) or "The body"
        raise InvalidValue(f"{where}: {expectation_of(first_error)}.") from error
    if JOB_URN.lower() not in (uri.lower() for uri in shape.schemas):
        raise InvalidSyntax(f"schemas must be an array that contains {JOB_URN}.")
    return shape


def _undone(shape: _Shape) -> Undone:
    if shape.undoes is None:
        raise InvalidValue(
            "undoes is missing; expected transaction, token with since and until, or deleted."
        )
    return shape.undoes


def _mapping(job_context: JobContext, shape: _Shape) -> Columns | None:
    if shape.kind == "export" and not shape.format.is_written:
        raise not_written(shape.format)
    if shape.format is Format.BULK:
        if shape.mapping is not None:
            raise InvalidValue("mapping does not apply to the format bulk.")
        return None
    if shape.mapping is None:
        if shape.format.has_columns:
            raise InvalidValue(f"mapping is missing; the format {shape.format} needs one.")
        return None
    mapping = Columns.of_json(shape.mapping, needs_columns=shape.format.has_columns)
    if mapping.columns and shape.format is Format.NDJSON:
        raise InvalidValue(
            "mapping.columns does not apply to the format ndjson, which has attribute names."
        )
    if shape.format is Format.LDIF and mapping.is_of_rows:
        raise InvalidValue(
            "mapping: encoding, delimiter and skipLines do not apply to the format ldif, which is UTF-8."
        )
    types = job_context.deployment.catalogue.resource_types
    mapping.require_served(types)
    if shape.kind == "import":
        mapping.require_writable(types)
    return mapping


def _types(
    job_context: JobContext, caller: Principal, shape: _Shape, mapping: Columns | None
) -> tuple[str, ...]:
    """Return the types to export: those requested, else that of the mapping, else all."""
    types_by_name = {
        resource_type.name.lower(): resource_type
        for resource_type in ordered(job_context.deployment.catalogue.resource_types)
    }
    only = [mapping.resource_type] if mapping is not None and mapping.resource_type else []
    requested = shape.resource_types or only
    if unknown := [name for name in requested if name.lower() not in types_by_name]:
        names = ", ".join(resource_type.name for resource_type in types_by_name.values())
        raise InvalidValue(
            f"resourceTypes: there is no type {echo_of(unknown[0])} to export; expected {names}."
        )
    folded = {name.lower() for name in requested} or set(types_by_name)
    chosen = [resource_type for name, resource_type in types_by_name.items() if name in folded]
    permissions = Permissions.shipped()
    for resource_type in chosen:
        needed = permissions.needed(resource_type.endpoint)["GET"]
        if not permissions.is_granted(caller.scopes, needed):
            raise Forbidden(f"These credentials do not have the permission {needed}.")
    return tuple(resource_type.name for resource_type in chosen)
