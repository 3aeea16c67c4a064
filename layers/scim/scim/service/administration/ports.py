"""What administration needs from outside, and who acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from scim.access.breaker import BreakerState
from scim.access.client import OAuthClient
from scim.access.setup_link import SetupLink
from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.permission import EVERYTHING
from scim.resource.history.act import Act
from scim.resource.job import Job, Status
from scim.schema.mapping_draft import MappingDraft
from scim.service.audit import AuditTrail
from scim.service.definitions import DefinitionLimits, DefinitionStore, StoredTypes
from scim.service.ports import Clock
from scim.service.visibility.deployment import Deployment


class TenantRegister(Protocol):
    """The tenants of a deployment."""

    def find(self, name: str) -> Tenant | None:
        """Return the tenant of that name, or None."""

    def names(self) -> list[str]:
        """Return the names of all tenants in order."""

    def create(self, tenant: Tenant) -> None:
        """Store a new tenant; raises Known when there is one of that name."""

    def save(self, tenant: Tenant) -> None:
        """Store what has changed of a tenant."""

    def remove(self, name: str) -> None:
        """Forget a tenant's settings."""


class TokenRegister(Protocol):
    """The tokens of a deployment, by the SHA-256 of their secrets."""

    def of_tenant(self, tenant: str) -> dict[str, StoredToken]:
        """Return the tenant's tokens by their hash, the oldest first."""

    def save_all(self, tokens: dict[str, StoredToken]) -> None:
        """Store several tokens, all or none."""

    def remove(self, tokens: dict[str, StoredToken]) -> None:
        """Forget the tokens."""


class ClientRegister(Protocol):
    """The clients of the token endpoint."""

    def of_tenant(self, tenant: str) -> list[OAuthClient]:
        """Return the tenant's clients, the oldest first."""

    def save(self, client: OAuthClient) -> None:
        """Store a client, or what has changed of it."""

    def remove(self, client: OAuthClient) -> None:
        """Forget a client."""


class IssuerRegister(Protocol):
    """The issuers that tenants trust, as documents."""

    def of_tenant(self, tenant: str) -> Sequence[Mapping[str, Any]]:
        """Return the documents of the issuers one tenant trusts."""

    def save(self, tenant: str, issuer: str, document: Mapping[str, Any]) -> None:
        """Trust an issuer, or on other terms than before."""

    def remove(self, tenant: str, issuer: str) -> None:
        """Trust an issuer no longer."""


class OwnDefinitions(DefinitionStore, Protocol):
    """The versions of every tenant's definitions, all of them and none."""

    def history(self, tenant: str) -> Sequence[Any]:
        """Return the versions that are kept, the youngest first."""

    def remove(self, tenant: str) -> None:
        """Forget everything a tenant has defined."""


class OpenJobs(Protocol):
    """The jobs of every tenant."""

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return the job as of now, or None."""

    def all(self, tenant: str) -> list[Job]:
        """Return every job that is not forgotten yet, the youngest first."""

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> list[Job]:
        """Return up to `limit` jobs, the youngest first, those older than the one of the id `beyond`."""

    def turn(self, job: Job, status: Status, now: str, error: str = "") -> bool:
        """Change the status unless it has changed since the job was read; tell whether it did."""


class BreakerControl(Protocol):
    """The breakers of all tenants."""

    def state(self, tenant: str) -> BreakerState:
        """Return the tenant's breaker."""

    def settle(self, tenant: str, number_: int | None, percent: int | None) -> None:
        """Give a tenant limits of its own, None for the deployment's; a new window begins."""

    def release(self, tenant: str, at: int, allowed: int | None) -> None:
        """Close the tenant's breaker; the next window lets `allowed` through, None as usual."""


class CountedTolerance(Protocol):
    """How often clients needed a tolerance."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def last(self) -> str: ...


class CountedTolerances(Protocol):
    """What was counted of tolerances."""

    def of_tenant(self, tenant: str) -> Sequence[CountedTolerance]:
        """Return what was counted of a tenant, by name."""


class KeptRequests(Protocol):
    """The last requests of all tenants."""

    @property
    def most(self) -> int:
        """Return how many of a tenant's are kept, 0 for none."""

    def settings(self, tenant: str) -> Mapping[str, object]:
        """Return what the tenant has settled, by the names of `scim.access.requests_kept`."""

    def save(self, tenant: str, settings: Mapping[str, object]) -> None:
        """Store what the tenant settles."""

    def after(self, tenant: str, after: int, limit: int) -> Sequence[Mapping[str, object]]:
        """Return up to `limit` of the youngest requests that are younger than a number, in order."""


class SetupLinkRegister(Protocol):
    """The links to setup portals and to the console, by the SHA-256 of their secrets."""

    def of_tenant(self, tenant: str) -> Mapping[str, SetupLink]:
        """Return a tenant's links by their hash, the oldest first."""

    def save(self, link_hash: str, link: SetupLink) -> None:
        """Store a link."""

    def revoke(self, link_hash: str, now: str) -> None:
        """End a link, and at the next request the session it has opened."""


class FeedRegister(Protocol):
    """What tenants have settled of their change feeds, by the names of `Feed`."""

    def settings(self, tenant: str) -> Mapping[str, Any]:
        """Return what the tenant has settled itself."""

    def save(self, tenant: str, settings: Mapping[str, Any]) -> None:
        """Store what the tenant settles itself; the rest is the deployment's."""


class JobResults(Protocol):
    """What became of the operations of jobs."""

    def between(
        self, tenant: str, job: str, first: int, end: int
    ) -> Mapping[int, Mapping[str, object]]:
        """Return the results of the steps from `first` up to, not including, `end`: two an operation."""


class MappingDraftRegister(Protocol):
    """The drafts of all tenants' mappings."""

    def find(self, tenant: str) -> MappingDraft | None:
        """Return the draft of a tenant, None where there is none."""

    def save(self, tenant: str, draft: MappingDraft) -> None:
        """Store a draft in place of the one before."""

    def remove(self, tenant: str) -> None:
        """Forget the draft of a tenant."""


class Acts(Protocol):
    """What was done to tenants by those who administer them."""

    def note(self, act: Act) -> None:
        """Store an act, or how it ended; kept for as long as the deployment says."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an IAM principal's ARN, or a session; `address` is where from.

    `scopes` grant operations by their permissions; `tenant` is the only one there is for the
    actor, empty for all of them.
    """

    name: str
    address: str = ""
    request_id: str = ""
    scopes: frozenset[str] = frozenset({EVERYTHING})
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is said: hours without a request, refusals in an hour or the one
    before, days before the last token ends.
    """

    silent_hours: int = 168
    refusals: int = 20
    ending_days: int = 30


@dataclass(frozen=True, slots=True)
class Administration:
    """Everything that is administered; one for each deployment."""

    tenants: TenantRegister
    tokens: TokenRegister
    clients: ClientRegister
    issuers: IssuerRegister
    definitions: OwnDefinitions
    stored_types: StoredTypes
    jobs: OpenJobs
    breaker: BreakerControl
    tolerances: CountedTolerances
    requests: KeptRequests
    acts: Acts
    trail: AuditTrail
    links: SetupLinkRegister
    feeds: FeedRegister
    results: JobResults
    mapping_drafts: MappingDraftRegister
    deployment: Deployment
    clock: Clock
    limits: DefinitionLimits = field(default_factory=DefinitionLimits)
    thresholds: Thresholds = field(default_factory=Thresholds)
    allows_loopback: bool = False
    """Whether events may be pushed to this machine: tests and local runs alone."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an operation: `body` as JSON, and sentences about what else happened."""

    body: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    status: int = 200


def items_of(rows: Iterable[Mapping[str, Any]]) -> Done:
    """Return a whole list."""
    return Done({"items": list(rows)})
