"""What administration needs from outside, as Protocols; its actor and its results."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from scim.access.breaker import BreakerLimits, BreakerState
from scim.access.client import OAuthClient
from scim.access.setup_link import SetupLink
from scim.access.tenant import Tenant
from scim.access.token import StoredToken
from scim.permission import EVERYTHING
from scim.resource.history.act import Act
from scim.resource.history.feed import Feed
from scim.resource.job import Job, Status
from scim.schema.tenant_definitions import MappingDraft
from scim.service.audit import AuditTrail
from scim.service.definitions import DefinitionLimits, DefinitionStore, StoredTypes
from scim.service.ports import Clock
from scim.service.visibility.deployment import Deployment

ChangeOfSettings = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns the settings to store in place of others; called again where somebody else stored some meanwhile."""

CHANGED_MEANWHILE = "Somebody else has changed this in the meantime; look at it again."


class TenantRegister(Protocol):
    """The tenants of a deployment."""

    def find(self, name: str) -> Tenant | None:
        """Return the tenant of that name, None if there is none."""

    def names(self) -> list[str]:
        """Return the names of all tenants, sorted."""

    def create(self, tenant: Tenant) -> None:
        """Store a new tenant. Raises NameTaken when the name is taken."""

    def change(self, known: Tenant, changed: Tenant) -> None:
        """Store what differs between two states of a tenant. Raises Stale if it has been deleted."""

    def remove(self, name: str) -> None:
        """Delete a tenant's settings."""


class TokenRegister(Protocol):
    """The tokens of a deployment, by the SHA-256 of their secrets."""

    def of_tenant(self, tenant: str) -> dict[str, StoredToken]:
        """Return the tenant's tokens by hash, the oldest first."""

    def save(self, token_hash: str, token: StoredToken) -> None:
        """Store a token under its hash."""

    def revoke(self, token_hash: str, now: str) -> None:
        """Revoke a token, whatever else happens to it at the same time."""

    def rotate(
        self, old_hash: str, old: StoredToken, ends: str, new_hash: str, new: StoredToken
    ) -> None:
        """Store the successor of a token, and when the token ends. Raises Stale if it has another end by now."""

    def remove(self, tokens: dict[str, StoredToken]) -> None:
        """Delete the tokens."""


class ClientRegister(Protocol):
    """The clients of the token endpoint."""

    def of_tenant(self, tenant: str) -> list[OAuthClient]:
        """Return the tenant's clients, the oldest first."""

    def save(self, client: OAuthClient) -> None:
        """Store a client."""

    def revoke(self, client: OAuthClient, now: str) -> None:
        """Revoke a client, whatever else happens to it at the same time."""

    def rotate(self, client: OAuthClient, hashes: Sequence[str]) -> None:
        """Store a client's new secrets. Raises Stale if it has other secrets by now."""

    def remove(self, client: OAuthClient) -> None:
        """Delete a client."""


class IssuerRegister(Protocol):
    """The issuers that tenants trust, as documents."""

    def of_tenant(self, tenant: str) -> Sequence[Mapping[str, Any]]:
        """Return the documents of the issuers a tenant trusts."""

    def named(self, issuer: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Return each tenant that trusts the issuer, with its document."""

    def save(self, tenant: str, issuer: str, document: Mapping[str, Any]) -> None:
        """Store the terms on which a tenant trusts an issuer, replacing earlier ones."""

    def remove(self, tenant: str, issuer: str) -> None:
        """Stop trusting an issuer."""


class OwnDefinitions(DefinitionStore, Protocol):
    """The versions of every tenant's definitions, with their history and their removal."""

    def history(self, tenant: str) -> Sequence[Any]:
        """Return the kept versions, the newest first."""

    def remove(self, tenant: str) -> None:
        """Delete everything a tenant has defined."""


class OpenJobs(Protocol):
    """The jobs of every tenant."""

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return the job as of now, None if there is none."""

    def all(self, tenant: str) -> list[Job]:
        """Return every job still stored, the newest first."""

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> list[Job]:
        """Return up to `limit` jobs older than the one with the id `beyond`, the newest first."""

    def turn(self, job: Job, status: Status, now: str, error: str = "") -> bool:
        """Change a job's status unless the job has changed since it was read; return whether it was changed."""


class BreakerControl(Protocol):
    """The breakers of all tenants."""

    def state(self, tenant: str) -> BreakerState:
        """Return the tenant's breaker."""

    def settle(self, tenant: str, number_: int | None, percent: int | None) -> None:
        """Set a tenant's own limits, None for the deployment's; a new window begins."""

    def release(self, tenant: str, at: int, allowed: int | None) -> None:
        """Close the tenant's breaker; the next window allows `allowed` removals, None for the usual limit."""


class CountedTolerance(Protocol):
    """How often a tenant's clients needed one tolerance, and when last."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def last(self) -> str: ...


class CountedTolerances(Protocol):
    """The counts of tolerances."""

    def of_tenant(self, tenant: str) -> Sequence[CountedTolerance]:
        """Return a tenant's counts, sorted by name."""


class KeptRequests(Protocol):
    """The last requests of all tenants."""

    @property
    def most(self) -> int:
        """Return how many requests are kept of each tenant, 0 for none."""

    def settings(self, tenant: str) -> Mapping[str, Any]:
        """Return the tenant's own settings, by the names of `scim.access.requests_kept`."""

    def change(self, tenant: str, change: ChangeOfSettings) -> Mapping[str, Any]:
        """Store what `change` makes of the tenant's own settings, and return it."""

    def after(self, tenant: str, after: int, limit: int) -> Sequence[Mapping[str, object]]:
        """Return the last `limit` requests with numbers above `after`, the oldest first."""


class SetupLinkRegister(Protocol):
    """The links to setup portals and to the console, by the SHA-256 of their secrets."""

    def of_tenant(self, tenant: str) -> Mapping[str, SetupLink]:
        """Return a tenant's links by hash, the oldest first; with an empty name those to the console."""

    def save(self, link_hash: str, link: SetupLink) -> None:
        """Store a link."""

    def revoke(self, link_hash: str, now: str) -> None:
        """End a link; the session it has opened ends at its next request."""


class FeedRegister(Protocol):
    """The tenants' own settings of their change feeds, by the names of `Feed`."""

    def settings(self, tenant: str) -> Mapping[str, Any]:
        """Return the tenant's own settings."""

    def change(self, tenant: str, change: ChangeOfSettings) -> Mapping[str, Any]:
        """Store what `change` makes of the tenant's own settings, and return it.

        For what it leaves out, the deployment's settings apply.
        """


class JobResults(Protocol):
    """The results of the operations of jobs."""

    def between(
        self, tenant: str, job: str, first: int, end: int
    ) -> Mapping[int, Mapping[str, object]]:
        """Return the results of the steps from `first` up to but not including `end`; an operation has two."""


class MappingDraftRegister(Protocol):
    """The drafts of all tenants' mappings."""

    def find(self, tenant: str) -> MappingDraft | None:
        """Return a tenant's draft, None if there is none."""

    def save(self, tenant: str, draft: MappingDraft) -> None:
        """Store a draft, replacing the one before."""

    def remove(self, tenant: str) -> None:
        """Delete a tenant's draft."""


class Acts(Protocol):
    """The record of what administrators did to tenants."""

    def note(self, act: Act) -> None:
        """Store an act or its ending; it is kept for as long as the deployment sets."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `name` is an IAM principal's ARN or a session, `address` the caller's address.

    `scopes` grant operations by their permissions; `tenant` is the only tenant the actor may act
    on, empty for all tenants.
    """

    name: str
    address: str = ""
    request_id: str = ""
    scopes: frozenset[str] = frozenset({EVERYTHING})
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a tenant's state calls for attention: hours without a request, refusals in two hours, days to the last token's end."""

    silent_hours: int = 168
    refusals: int = 20
    ending_days: int = 30


@dataclass(frozen=True, slots=True)
class Administration:
    """Everything that administration works on; one for each deployment."""

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
    usual_feed: Feed | None = None
    usual_breaker: BreakerLimits | None = None
    usual_rate: int | None = None
    """The deployment's settings of what tenants may set; None where only its table is known."""
    allows_loopback: bool = False
    """Whether events may be pushed to this machine; for tests and local runs only."""


@dataclass(frozen=True, slots=True)
class OperationResult:
    """The result of an operation: its JSON `body`, and `notes`, sentences about what else happened."""

    body: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    status: int = 200


def items_of(rows: Iterable[Mapping[str, Any]]) -> OperationResult:
    """Return the result with all rows as `items`."""
    return OperationResult({"items": list(rows)})
