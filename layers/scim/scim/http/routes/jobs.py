"""The routes of jobs, and of `/Bulk`, which can run a long request as a job."""

from functools import partial

from scim.http.endpoints import jobs
from scim.http.endpoints.dry_run import refusing_dry_run, with_dry_run
from scim.http.routes.resources import Routes
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import JobBackend
from scim.service.visibility.deployment import Deployment


def job_routes(deployment: Deployment, backend: JobBackend) -> Routes:
    job_context = JobContext(deployment, backend)
    return {
        "/Bulk": with_dry_run(deployment, partial(jobs.bulk_once, job_context)),
        "/Jobs": refusing_dry_run(jobs.collection_once(job_context)),
        "/Jobs/<id_>": refusing_dry_run(partial(jobs.item, job_context)),
        "/Jobs/<id_>/Result": partial(jobs.result, job_context),
        "/Jobs/<id_>/Start": refusing_dry_run(partial(jobs.started, job_context)),
    }
