"""What the steps of a job are done with, wired together once."""

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
from scim.service.feed.ports import AnsweredFeed
from scim.service.jobs.batches import Sizes
from scim.service.jobs.ports import JobBackend
from scim.service.ports import Creations, Reads, Writes
from scim.service.visibility.deployment import AttributedWrites, Deployment
from scim.service.visibility.restrict import restricted

CONCURRENCY = 10
"""Batches under way at once: enough to be fast, few enough to leave the tenant its directory."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """Everything the steps need beside the job; `changes` is for undos, and for what is answered.

    `once` is the Idempotency-Key under which a job is made. `creations` makes what a batch creates together;
    without them each step is a transaction of its own.
    """

    deployment: Deployment
    backend: JobBackend
    sizes: Sizes = field(default_factory=Sizes)
    concurrency: int = CONCURRENCY
    changes: AnsweredFeed | None = None
    once: Once | None = None
    creations: Creations | None = None

    def for_profile(self, profile: Profile, catalogue: Catalogue) -> "JobContext":
        """Return the context for the jobs of tenants with that profile."""
        return replace(self, deployment=self.deployment.for_profile(profile, catalogue))

    def endpoint(
        self,
        job: Job,
        resource_type: ResourceType,
        reads: Reads | None = None,
        writes: Writes | None = None,
    ) -> Endpoint:
        """Return the endpoint bound to the job's tenant and to what its caller may see.

        The deployment's directory is used but for `reads` and `writes` of the step's own.
        """
        endpoint = self.deployment.unrestricted(job.tenant, job.base_url, resource_type)
        own = replace(
            endpoint,
            directory=reads or endpoint.directory,
            writes=AttributedWrites(writes or endpoint.writes, partial(origin_of_job, job)),
        )
        # Nobody waits for a job: it may pass over as much as there is.
        return restricted(own, job.filters, most=sys.maxsize)


def origin_of_job(job: Job) -> Origin:
    """Return who started a job, or else made it; its transaction is the job's own id."""
    token, owner = job.starter_token or job.token_id, job.starter or job.owner
    return Origin(token, owner, transaction=job.id)
