"""Writes with the name of who asked for them."""

from dataclasses import dataclass, replace

from scim.principal import Principal
from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.origin import Origin
from scim.resource.job import Job
from scim.service.ports import Writes


@dataclass(frozen=True, slots=True)
class AttributedWrites:
    """Implements the port `Writes` on others: what is written says who asked for it."""

    behind: Writes
    origin: Origin

    def create(self, tenant: str, creation: Creation) -> None:
        self.behind.create(tenant, replace(creation, origin=self.origin))

    def update(self, tenant: str, update: Update) -> int:
        return self.behind.update(tenant, replace(update, origin=self.origin))

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self.behind.delete(tenant, replace(deletion, origin=self.origin))


def origin_of(principal: Principal) -> Origin:
    """Return the caller of a request as the origin of what it changes."""
    return Origin(
        principal.token_id,
        principal.owner,
        principal.subject or "",
        principal.address,
        principal.request_id,
    )


def origin_of_job(job: Job) -> Origin:
    """Return who started a job, or else made it; its transaction is the job's own id."""
    token, owner = job.starter_token or job.token_id, job.starter or job.owner
    return Origin(token, owner, transaction=job.id)
