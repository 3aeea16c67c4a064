"""Long requests: accepted with 202, performed as jobs, and shown under `/Jobs` (RFC 9967).

Imports and exports are jobs too. A client declares one by POST, uploads the file of an import, and
starts it.
"""

import sys
from dataclasses import replace
from functools import partial
from hashlib import sha256

from scim.errors import MethodNotAllowed, PayloadTooLarge
from scim.http.endpoints.bulk import AttemptOf, bulk
from scim.http.endpoints.dry_run import wants_dry_run
from scim.http.endpoints.idempotency import KeyedEndpoint, keyed, request_hash
from scim.http.message.body import json_object
from scim.http.message.preference import APPLIED, prefers
from scim.http.message.query import paging_number, refuse_filter
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply, list_reply
from scim.principal import Principal
from scim.resource.change import Receipt
from scim.resource.history.once import Once
from scim.resource.job import Job, JobKind, Status
from scim.service.bulk.path import Paths
from scim.service.bulk.request import bulk_of
from scim.service.jobs.accept import accepted, cancel
from scim.service.jobs.context import JobContext
from scim.service.jobs.declare import declared, download, start, upload
from scim.service.jobs.filtered import (
    is_readable,
    job_with_id,
    require_readable,
    youngest_jobs,
)
from scim.service.jobs.repeatable import RepeatableSteps
from scim.service.jobs.results import response
from scim.service.messages import Listing
from scim.service.visibility.deployment import Deployment

PREFERENCE = "respond-async"
PAGE = 1000
"""The most operations in one page of a result."""


def bulk_once(job_context: JobContext, deployment: Deployment) -> Route:
    """Return the route of `/Bulk`, which performs its operations once for each Idempotency-Key."""

    def first(once: Once, fingerprint: str) -> Route:
        keyed_context = replace(job_context, once=once)
        return partial(bulk_or_job, deployment, keyed_context, fingerprint=fingerprint)

    def fingerprint(request: Request) -> str:
        hashed = request_hash(request)
        return f"{hashed} {PREFERENCE}" if prefers(request, PREFERENCE) else hashed

    def again(request: Request, job_id: str) -> Reply:
        return _accepted_reply(_job_made_before(job_context, request, job_id))

    route = partial(bulk_or_job, deployment, job_context)
    return keyed(deployment, KeyedEndpoint("/Bulk", route, first, again, fingerprint))


def bulk_or_job(
    deployment: Deployment,
    job_context: JobContext,
    request: Request,
    fingerprint: str | None = None,
) -> Reply:
    """Serve `/Bulk`: at once, or as a job if the client prefers that (RFC 7240).

    If the profile has rules for Bulk that jobs do not support, the preference is ignored. The
    `fingerprint` of a request with an Idempotency-Key makes its steps repeatable.
    """
    is_asked_for = prefers(request, PREFERENCE) and not wants_dry_run(request)
    is_job = is_asked_for and job_context.deployment.profile.bulk.takes_jobs
    if request.method == "POST" and is_job:
        return _accepted(job_context, request)
    if fingerprint is None:
        return bulk(deployment, request)
    return bulk(deployment, request, _repeatable(fingerprint, job_context, request))


def _repeatable(fingerprint: str, job_context: JobContext, request: Request) -> AttemptOf | None:
    """Return how a request with a key performs its steps: a step with a receipt is not repeated."""
    tenant, once, keys = request.principal.tenant, job_context.once, job_context.deployment.keys
    if once is None or keys is None:
        return None
    end = keys.end_of(tenant, once)
    # A key that was freed or has expired can come with another request.
    name = sha256(f"{once.name} {fingerprint} {end}".encode()).hexdigest()
    receipts = Receipt(name, 0, end, {})
    return partial(RepeatableSteps, job_context.backend.results, tenant, receipts)


def collection_once(job_context: JobContext) -> Route:
    """Return the route of `/Jobs`, which declares one job for each Idempotency-Key."""

    def first(once: Once, _: str) -> Route:
        return partial(collection, replace(job_context, once=once))

    def again(request: Request, job_id: str) -> Reply:
        return _declared_reply(job_context, request, _job_made_before(job_context, request, job_id))

    route = partial(collection, job_context)
    # A repeated request returns the job's current state: an upload URL expires within the hour.
    keyed_endpoint = KeyedEndpoint("/Jobs", route, first, again, keeps=False)
    return keyed(job_context.deployment, keyed_endpoint)


def _job_made_before(job_context: JobContext, request: Request, id_: str) -> Job:
    """Return a job that was made; start its state machine if the job is pending. Raises NotFound."""
    job = job_with_id(job_context, request.principal, id_)
    if job.status is Status.PENDING:
        job_context.backend.machine.start(job)
    return job


def collection(job_context: JobContext, request: Request) -> Reply:
    """Serve `/Jobs`: GET lists the jobs, newest first; POST declares one.

    A list reads one job more than its page, and `totalResults` counts the jobs read so far. Only
    `count=0` reads and counts all jobs.
    """
    _require(request, "GET", "POST")
    if request.method == "POST":
        body = json_object(request, job_context.deployment.bounds.job_payload_bytes)
        job = declared(job_context, request.principal, request.base_url, body)
        return _declared_reply(job_context, request, job)
    refuse_filter(request)
    start_index = paging_number(request, "startIndex", 1)
    count = job_context.deployment.bounds.page_of(
        paging_number(request, "count", job_context.deployment.bounds.page_size)
    )
    # One more than the page shows whether there are more; `count=0` asks how many there are.
    limit = start_index + count if count else sys.maxsize
    jobs = youngest_jobs(job_context, request.principal, limit)
    page = jobs[start_index - 1 : start_index - 1 + count]
    return list_reply(Listing(tuple(job.json() for job in page), len(jobs), start_index))


def item(job_context: JobContext, request: Request, id_: str) -> Reply:
    """Serve `/Jobs/{id}`: GET returns the job, DELETE cancels it."""
    _require(request, "GET", "DELETE")
    if request.method == "DELETE":
        cancel(job_context, request.principal, id_)
        return Reply(204)
    job = job_with_id(job_context, request.principal, id_)
    return Reply(200, _shown(job_context, request.principal, job))


def started(job_context: JobContext, request: Request, id_: str) -> Reply:
    """Serve `/Jobs/{id}/Start`: POST starts the job after its file is uploaded."""
    _require(request, "POST")
    job = start(job_context, request.principal, id_)
    return Reply(202, job.json(), {"Location": job.location})


def result(job_context: JobContext, request: Request, id_: str) -> Reply:
    """Serve `/Jobs/{id}/Result`: GET returns the BulkResponse so far.

    For an export it returns the job and the URL of its file.
    """
    _require(request, "GET")
    job = job_with_id(job_context, request.principal, id_)
    require_readable(job_context, request.principal, job)
    if job.kind is JobKind.EXPORT:
        return Reply(200, {**job.json(), "download": download(job_context, job).json()})
    start_index = paging_number(request, "startIndex", 1)
    count = min(paging_number(request, "count", PAGE), PAGE)
    return Reply(200, response(job_context, job, start_index, count))


def _accepted(job_context: JobContext, request: Request) -> Reply:
    deployment = job_context.deployment
    bounds = deployment.bounds
    if len(request.body) > bounds.job_payload_bytes:
        # RFC 7644 section 3.7.4: the response names the limit.
        raise PayloadTooLarge(
            f"The size of the bulk operation exceeds the maxPayloadSize ({bounds.job_payload_bytes})"
            " of a job."
        )
    body = json_object(request, bounds.job_payload_bytes)
    paths = Paths.of(request.base_url, deployment.catalogue, deployment.profile)
    bulk_request = bulk_of(body, deployment.profile, bounds.job_operations, paths)
    return _accepted_reply(
        accepted(job_context, request.principal, request.base_url, body, bulk_request)
    )


def _accepted_reply(job: Job) -> Reply:
    # RFC 9967 section 2.5.1: no body; Set-Txn identifies the events of the operations.
    headers = {"Location": job.location, APPLIED: PREFERENCE, "Set-Txn": job.id}
    return Reply(202, None, headers)


def _declared_reply(job_context: JobContext, request: Request, job: Job) -> Reply:
    return Reply(201, _shown(job_context, request.principal, job), {"Location": job.location})


def _shown(job_context: JobContext, caller: Principal, job: Job) -> dict[str, object]:
    """Return the job, with the upload URL while it waits for its file."""
    link = upload(job_context, job) if is_readable(job_context, caller, job) else None
    return job.json() if link is None else {**job.json(), "upload": link.json()}


def _require(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise MethodNotAllowed(f"Jobs serve {' and '.join(methods)} here.", methods)
