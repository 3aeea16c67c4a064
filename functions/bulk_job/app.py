"""Does the steps of long jobs, as the state machine asks (bulk_job.asl.json)."""

from scim.bootstrap.jobs import opened_jobs
from scim.bootstrap.store import opened
from scim.profile import Profile
from scim.schema.loading import shipped_catalogue, tenant_catalogues
from scim.service.jobs.context import JobContext
from scim.service.system import RandomIds, SystemClock
from scim.settings import Settings
from scim.workers.job import machine

settings = Settings.from_environment()
store = opened(settings.table_name)
job_context = JobContext(
    backend=opened_jobs(settings.table_name, settings.bucket_name),
    catalogue=shipped_catalogue(),
    directory=store.directory,
    clock=SystemClock(),
    ids=RandomIds(),
    bounds=settings.bounds(),
    profile=Profile(),
)
handler = machine(job_context, tenant_catalogues(store.definitions.additions))
