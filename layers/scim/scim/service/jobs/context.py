"""What the steps of a job are done with, wired together once."""

import sys
from dataclasses import dataclass, field, replace

from scim.profile import Profile
from scim.resource.job import Job
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.jobs.batches import Sizes
from scim.service.jobs.ports import JobBackend
from scim.service.limits import Bounds
from scim.service.ports import Clock, Directory, Ids
from scim.service.visibility.restrict import restricted

CONCURRENCY = 10
"""Batches under way at once: enough to be fast, few enough to leave the tenant its directory."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """Everything the steps need beside the job."""

    backend: JobBackend
    catalogue: Catalogue
    directory: Directory
    clock: Clock
    ids: Ids
    bounds: Bounds
    profile: Profile
    sizes: Sizes = field(default_factory=Sizes)
    concurrency: int = CONCURRENCY

    def under(self, profile: Profile, catalogue: Catalogue) -> "JobContext":
        """Return the bench for the jobs of tenants with that profile."""
        bounds = self.bounds.under(profile.paging)
        return replace(self, profile=profile, catalogue=catalogue, bounds=bounds)

    def endpoint(self, job: Job, directory: Directory, resource_type: ResourceType) -> Endpoint:
        """Return the endpoint bound to the job's tenant and to what its caller may see."""
        endpoint = Endpoint(
            tenant=job.tenant,
            resource_type=resource_type,
            catalogue=self.catalogue,
            directory=directory,
            clock=self.clock,
            ids=self.ids,
            profile=self.profile,
            bounds=self.bounds,
            base_url=job.base_url,
        )
        # Nobody waits for a job: it may pass over as much as there is.
        return restricted(endpoint, job.filters, most=sys.maxsize)
