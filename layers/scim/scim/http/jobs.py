"""Long requests: accepted with 202, done as jobs, asked about under `/Jobs` (RFC 9967)."""

import re

from scim.errors import InvalidValue, MethodNotAllowed, PayloadTooLarge
from scim.http.body import json_object
from scim.http.bulk import bulk
from scim.http.desk import Desk
from scim.http.reply import Reply, listed
from scim.http.request import Request
from scim.service.answer import Listing
from scim.service.bulk.operation import bulk_of
from scim.service.job.bench import Bench
from scim.service.job.ports import Office
from scim.service.job.request import accepted, cancel, found
from scim.service.job.response import response

PREFERENCE = "respond-async"
PAGE = 1000
"""Operations of one page of a result, unless fewer are asked for."""


def bench_of(desk: Desk, office: Office) -> Bench:
    """Return what jobs are done with, at a function that serves requests."""
    return Bench(
        office=office,
        catalogue=desk.catalogue,
        directory=desk.directory,
        clock=desk.clock,
        ids=desk.ids,
        bounds=desk.bounds,
        profile=desk.profile,
    )


def bulk_or_job(desk: Desk, bench: Bench, request: Request) -> Reply:
    """Serve `/Bulk`: at once, or as a job where the client prefers that (RFC 7240)."""
    if request.method == "POST" and _prefers_async(request):
        return _accepted(bench, request)
    return bulk(desk, request)


def collection(bench: Bench, request: Request) -> Reply:
    """Serve `/Jobs`: GET lists the jobs, the youngest first."""
    _require(request, "GET")
    every = bench.office.jobs.all(request.principal.tenant)
    start = _number(request, "startindex", 1)
    count = min(_number(request, "count", bench.bounds.page_size), bench.bounds.max_page_size)
    some = every[start - 1 : start - 1 + count]
    return listed(Listing(tuple(job.json() for job in some), len(every), start))


def item(bench: Bench, request: Request, id_: str) -> Reply:
    """Serve `/Jobs/{id}`: GET shows the job, DELETE ends it early."""
    _require(request, "GET", "DELETE")
    if request.method == "DELETE":
        cancel(bench, request.principal.tenant, id_)
        return Reply(204)
    return Reply(200, found(bench, request.principal.tenant, id_).json())


def result(bench: Bench, request: Request, id_: str) -> Reply:
    """Serve `/Jobs/{id}/Result`: GET answers with the BulkResponse as far as it is known."""
    _require(request, "GET")
    job = found(bench, request.principal.tenant, id_)
    start = _number(request, "startindex", 1)
    count = min(_number(request, "count", PAGE), PAGE)
    return Reply(200, response(bench, job, start, count))


def _accepted(bench: Bench, request: Request) -> Reply:
    bounds = bench.bounds
    if len(request.body) > bounds.job_payload_bytes:
        # RFC 7644 section 3.7.4 wants the limit named.
        raise PayloadTooLarge(
            f"The size of the bulk operation exceeds the maxPayloadSize ({bounds.job_payload_bytes})"
            " of a job."
        )
    body = json_object(request, bounds.job_payload_bytes)
    asked = bulk_of(body, bench.profile, bounds.job_operations)
    job = accepted(bench, request.principal, request.base_url, body, asked)
    # RFC 9967 section 2.5.1: no body, and what the events of the operations are named after.
    headers = {"Location": job.location, "Preference-Applied": PREFERENCE, "Set-Txn": job.id}
    return Reply(202, None, headers)


def _prefers_async(request: Request) -> bool:
    """Tell whether Prefer names the preference; it may say more (RFC 7240 section 2)."""
    preferences = re.split(r"[,;]", request.headers.get("prefer", ""))
    return PREFERENCE in (each.partition("=")[0].strip().lower() for each in preferences)


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query.get(name)
    if text is None:
        return usual
    if re.fullmatch(r"-?\d{1,18}", text) is None:
        raise InvalidValue(f"{name} must be a whole number.")
    return max(int(text), 1 if name == "startindex" else 0)


def _require(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise MethodNotAllowed(f"Jobs serve {' and '.join(methods)} here.", methods)
