"""The dependencies of a job's steps, wired together once."""

import sys
from dataclasses import dataclass, field, replace
from functools import partial

from scim.profile import Profile
from scim.resource.history.once import Once
from scim.resource.history.origin import Origin
from scim.resource.job import Job
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.feed.ports import AppendableFeed
from scim.service.jobs.batches import Sizes
from scim.service.jobs.ports import JobBackend
from scim.service.ports import Creations, Reads, Writes
from scim.service.visibility.deployment import AttributedWrites, Deployment
from scim.service.visibility.restrict import restricted

CONCURRENCY = 10
"""Batches that run at once: enough to be fast, few enough to leave capacity to the tenant's requests."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """Everything that the steps need besides the job; `change_feed` is the log for undos and for answers.

    `once` is the Idempotency-Key under which a job is created. `creations` stores a batch's creations together;
    without it each step is a transaction of its own.
    """

    deployment: Deployment
    backend: JobBackend
    sizes: Sizes = field(default_factory=Sizes)
    concurrency: int = CONCURRENCY
    change_feed: AppendableFeed | None = None
    once: Once | None = None
    creations: Creations | None = None

    def for_profile(self, profile: Profile, catalogue: Catalogue) -> "JobContext":
        """Return the context for the jobs of tenants with a profile."""
        return replace(self, deployment=self.deployment.for_profile(profile, catalogue))

    def endpoint(
        self,
        job: Job,
        resource_type: ResourceType,
        reads: Reads | None = None,
        writes: Writes | None = None,
    ) -> Endpoint:
        """Return the endpoint bound to the job's tenant and to what its caller may see.

        `reads` and `writes`, if given, replace the deployment's directory.
        """
        endpoint = self.deployment.unrestricted(job.tenant, job.base_url, resource_type)
        endpoint_of_job = replace(
            endpoint,
            directory=reads or endpoint.directory,
            writes=AttributedWrites(writes or endpoint.writes, partial(origin_of_job, job)),
        )
        # No client waits for a job: it may skip any number of resources outside the filters.
        return restricted(endpoint_of_job, job.filters, most=sys.maxsize)


def origin_of_job(job: Job) -> Origin:
    """Return the origin: who started the job, else who created it; its transaction is the job's id."""
    token, owner = job.starter_token or job.token_id, job.starter or job.owner
    return Origin(token, owner, transaction=job.id)
