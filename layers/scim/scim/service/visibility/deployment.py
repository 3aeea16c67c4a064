"""The dependencies of a function, wired together once at its start."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from scim.immutable import immutable, renewed
from scim.principal import Principal
from scim.profile import Profile
from scim.profile.shipped import shipped
from scim.resource.budget import RequestBudget
from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.origin import Origin
from scim.schema.catalogue import Catalogue
from scim.schema.loading import catalogue_of
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Bounds, Endpoint
from scim.service.ports import Clock, Creations, Directory, Ids, KeyStore, Writes
from scim.service.recent import ValueHolders
from scim.service.system import RandomIds, SystemClock
from scim.service.visibility.restrict import restricted


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that a route or a step of a job needs besides the request or the job."""

    catalogue: Catalogue
    directory: Directory
    clock: Clock
    ids: Ids
    bounds: Bounds
    profile: Profile
    max_body_bytes: int
    keys: KeyStore | None = None
    value_holders: ValueHolders = field(default_factory=ValueHolders, compare=False, repr=False)

    @classmethod
    def of(cls, directory: Directory, bounds: Bounds, max_body_bytes: int) -> "Deployment":
        """Return the deployment for tenants without a particular profile."""
        profile = shipped("")
        return cls(
            catalogue=catalogue_of(profile),
            directory=directory,
            clock=SystemClock(),
            ids=RandomIds(),
            bounds=bounds,
            profile=profile,
            max_body_bytes=max_body_bytes,
        )

    def for_profile(self, profile: Profile, catalogue: Catalogue) -> "Deployment":
        """Return the deployment for tenants with a profile."""
        bounds = self.bounds.under(profile.paging)
        return replace(self, profile=profile, catalogue=catalogue, bounds=bounds)

    def endpoints(
        self, principal: Principal, base_url: str, types: Iterable[ResourceType]
    ) -> list[Endpoint]:
        """Return the endpoints of one request about several types; they share one budget."""
        budget = self.bounds.budget()
        return [
            self.endpoint(principal, base_url, resource_type, budget) for resource_type in types
        ]

    def endpoint(
        self,
        principal: Principal,
        base_url: str,
        resource_type: ResourceType,
        budget: RequestBudget | None = None,
    ) -> Endpoint:
        """Return the endpoint bound to the caller's tenant and to what the caller may see."""
        writes = AttributedWrites(self.directory, partial(origin_of, principal))
        endpoint = self._endpoint(principal.tenant, base_url, resource_type, writes, budget)
        return restricted(endpoint, principal.filters) if principal.filters else endpoint

    def creations(self, principal: Principal) -> Creations | None:
        """Return the port that stores new resources together; None if each has to be stored alone."""
        directory = self.directory
        if principal.filters or not isinstance(directory, Creations):
            return None
        return AttributedCreations(directory, partial(origin_of, principal))

    def unrestricted(self, tenant: str, base_url: str, resource_type: ResourceType) -> Endpoint:
        """Return the endpoint bound to a tenant, with everything visible."""
        return self._endpoint(tenant, base_url, resource_type, self.directory)

    def _endpoint(
        self,
        tenant: str,
        base_url: str,
        resource_type: ResourceType,
        writes: Writes,
        budget: RequestBudget | None = None,
    ) -> Endpoint:
        return Endpoint(
            tenant,
            resource_type,
            self.catalogue,
            self.directory,
            writes,
            self.clock,
            self.ids,
            self.profile,
            self.bounds,
            base_url,
            budget or self.bounds.budget(),
            self.value_holders,
        )


@immutable
class AttributedWrites:
    """Implements the port `Writes` on another: each change carries the caller as its origin."""

    behind: Writes
    origin: Callable[[], Origin]

    def create(self, tenant: str, creation: Creation) -> int:
        return self.behind.create(tenant, renewed(creation, origin=self.origin()))

    def update(self, tenant: str, update: Update) -> int:
        return self.behind.update(tenant, renewed(update, origin=self.origin()))

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self.behind.delete(tenant, renewed(deletion, origin=self.origin()))


@immutable
class AttributedCreations:
    """Implements the port `Creations` on another: each creation carries the caller as its origin."""

    behind: Creations
    origin: Callable[[], Origin]

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        origin = self.origin()
        attributed = [renewed(creation, origin=origin) for creation in creations]
        return self.behind.create_many(tenant, attributed, lane)


def origin_of(principal: Principal) -> Origin:
    """Return the caller of a request as the origin of its changes."""
    return Origin(
        principal.token_id,
        principal.owner,
        principal.subject or "",
        principal.address,
        principal.request_id,
    )
