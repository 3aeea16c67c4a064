"""What a deployment can set: read once from the environment, by functions only."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal, Self, TypeVar

from scim.variable import Variable, setting, validated, variables_of

if TYPE_CHECKING:
    from scim.service.definitions import DefinitionLimits
    from scim.service.endpoint import Bounds
    from scim.store.guards.breaker import BreakerLimits

T = TypeVar("T")


class LocalOnlyError(Exception):
    """A deployment on AWS has a setting that is for tests and local runs."""

    def __init__(self) -> None:
        super().__init__("SCIM_LOOPBACK_ISSUERS and SCIM_QUERY_TOKEN are for local runs only.")


@dataclass(frozen=True, repr=False)
class Settings:
    """Bounds and names of one deployment; every field has the environment name of its variable.

    Sizes are in bytes, lengths in characters, limits are inclusive.
    """

    table_name: str = setting("TABLE_NAME", "")
    resource_type: str = setting("RESOURCE_TYPE", "*")
    base_url: str = setting("SCIM_BASE_URL", "")
    """Scheme, host and stage before `/scim/v2`; empty: taken from the request context."""
    meters: bool = setting("SCIM_METER", default=False)
    shows_tolerated: bool = setting("SCIM_SHOW_TOLERATED", default=False)
    """Whether answers name in `X-SCIM-Tolerated` what it took to understand the request."""
    metrics: Literal["off", "operations", "tenants"] = setting(
        "SCIM_METRICS", "tenants", choices=("off", "operations", "tenants")
    )
    """Whether requests are counted as metrics: by operation, and by tenant too."""
    token_warning_days: int = setting("SCIM_TOKEN_WARNING_DAYS", 30, ge=1)
    """Days before a token ends from which on the watch reports it."""
    silent_days: int = setting("SCIM_SILENT_DAYS", 7, ge=1)
    """Days without a request after which the watch calls a tenant silent."""
    consistent_reads: bool = setting("SCIM_CONSISTENT_READS", default=True)
    """Whether all reads see acknowledged writes; else those by id may lag, for half the price."""
    name_seconds: int = setting("SCIM_NAME_SECONDS", 5, ge=0, le=300)
    """How old the names of groups may be that users are shown with, where reads may lag; 0: as the rest."""
    minimum_token_length: int = setting("SCIM_MINIMUM_TOKEN_LENGTH", 40, ge=1)
    tenant_rate: int = setting("SCIM_TENANT_RATE", 100, ge=0)
    """Requests a second a tenant without a limit of its own may make; 0 is no limit."""
    me: Literal["off", "on", "create"] = setting("SCIM_ME", "on", choices=("off", "on", "create"))
    """Whether `/Me` is served, and whether callers may create their own resource there."""
    secret_prefix: str = setting("SCIM_SECRET_PREFIX", "")
    """How the full names of this deployment's secrets begin."""
    signing_key: str = setting("SCIM_SIGNING_KEY", "")
    """KMS key of the token endpoint; empty: there is none, and no token is our own."""
    token_seconds: int = setting("SCIM_TOKEN_SECONDS", 3600, ge=60, le=3600)
    """How long a token of the token endpoint is good for."""
    loopback_issuers: bool = setting("SCIM_LOOPBACK_ISSUERS", default=False)
    """Whether issuers on this machine may be called over plain http; never on AWS."""
    query_token: str = setting("SCIM_QUERY_TOKEN", "")
    """Parameter of the query that is a credential too (a test mode has `access_token`);
    empty: none; never on AWS."""
    max_body_bytes: int = setting("SCIM_MAX_BODY_BYTES", 1_048_576, ge=1, le=5_242_880)
    max_filter_length: int = setting("SCIM_MAX_FILTER_LENGTH", 4096, ge=1)
    max_filter_terms: int = setting("SCIM_MAX_FILTER_TERMS", 100, ge=1)
    max_filter_depth: int = setting("SCIM_MAX_FILTER_DEPTH", 20, ge=1, le=32)
    max_patch_operations: int = setting("SCIM_MAX_PATCH_OPERATIONS", 1000, ge=1)
    max_values: int = setting("SCIM_MAX_VALUES", 1000, ge=1, le=10_000)
    """Values of one multi-valued attribute that is not a relation."""
    max_comparisons: int = setting("SCIM_MAX_COMPARISONS", 400_000, ge=1)
    """Comparisons of values with filters in one request: each takes 2 to 4 µs of CPU."""
    max_bulk_operations: int = setting("SCIM_MAX_BULK_OPERATIONS", 1000, ge=1, le=5_000)
    max_bulk_payload_bytes: int = setting(
        "SCIM_MAX_BULK_PAYLOAD_BYTES", 1_048_576, ge=1, le=5_242_880
    )
    bucket_name: str = setting("BUCKET_NAME", "")
    state_machine_arn: str = setting("STATE_MACHINE_ARN", "")
    """What keeps the files of long jobs, and what runs them."""
    max_job_operations: int = setting("SCIM_MAX_JOB_OPERATIONS", 100_000, ge=1)
    max_job_payload_bytes: int = setting(
        "SCIM_MAX_JOB_PAYLOAD_BYTES", 5_242_880, ge=1, le=5_242_880
    )
    max_open_jobs: int = setting("SCIM_MAX_OPEN_JOBS", 20, ge=1)
    """Jobs of one tenant that wait, are pending or run."""
    max_job_concurrency: int = setting("SCIM_MAX_JOB_CONCURRENCY", 5, ge=1, le=1000)
    """Batches of one job at once: a new account has ten executions of Lambda for everything."""
    max_import_operations: int = setting("SCIM_MAX_IMPORT_OPERATIONS", 1_000_000, ge=1)
    max_import_bytes: int = setting("SCIM_MAX_IMPORT_BYTES", 1_073_741_824, ge=1, le=5_368_709_120)
    """Operations and bytes of one file."""
    max_members: int = setting("SCIM_MAX_MEMBERS", 10_000, ge=1)
    """Values of one relation in one request."""
    max_nesting: int = setting("SCIM_MAX_NESTING", 50, ge=1, le=500)
    """Levels in which resources of one type (groups) may lie in each other."""
    max_inline_members: int = setting("SCIM_MAX_INLINE_MEMBERS", 10_000, ge=0)
    """Values of one relation in one answer."""
    max_patch_answer_members: int = setting("SCIM_MAX_PATCH_ANSWER_MEMBERS", 8, ge=0)
    """Values of one relation up to which a PATCH answers with the resource, 204 beyond."""
    page_size: int = setting("SCIM_PAGE_SIZE", 100, ge=1)
    max_page_size: int = setting("SCIM_MAX_PAGE_SIZE", 1000, ge=1)
    max_answer_bytes: int = setting("SCIM_MAX_ANSWER_BYTES", 5_000_000, ge=65_536, le=6_000_000)
    """Bytes of one page as Lambda counts them, which answers with 6,291,556 at most: pages of
    large resources end early. The default leaves a fifth for an explanation, and for resources
    that are too large alone."""
    max_scanned: int = setting("SCIM_MAX_SCANNED", 50_000, ge=1)
    """Items one query may read: resources, and index entries on the way to them."""
    cursor_seconds: int = setting("SCIM_CURSOR_SECONDS", 3600, ge=1)
    """How long a walk through pages may pause, by cursor or by startIndex."""
    breaker_number: int = setting("SCIM_BREAKER_NUMBER", 1000, ge=0)
    """Deletions, deactivations and members removed in a window before a tenant's breaker opens;
    0 is no limit."""
    breaker_percent: int = setting("SCIM_BREAKER_PERCENT", 20, ge=0, le=100)
    """The same in percent of the resources that live; 0 is no limit."""
    breaker_minimum: int = setting("SCIM_BREAKER_MINIMUM", 50, ge=1)
    """What that never is less than: small directories change by large parts."""
    breaker_seconds: int = setting("SCIM_BREAKER_SECONDS", 3600, ge=1)
    breaker_new_seconds: int = setting("SCIM_BREAKER_NEW_SECONDS", 3600, ge=0)
    """How long after its creation it does not count what becomes of a resource."""
    deleted_days: int = setting("SCIM_DELETED_DAYS", 30, ge=1, le=3650)
    """Days for which deleted resources can be restored, where a tenant's profile keeps them."""
    idempotency_seconds: int = setting("SCIM_IDEMPOTENCY_SECONDS", 86_400, ge=0)
    """How long Idempotency-Keys are remembered; 0: they are not heeded."""
    request_log: int = setting("SCIM_REQUEST_LOG", 0, ge=0, le=10_000)
    """How many of a tenant's last requests are kept; 0: none."""
    request_log_seconds: int = setting("SCIM_REQUEST_LOG_SECONDS", 86_400, ge=60)
    max_definitions: int = setting("SCIM_MAX_DEFINITIONS", 100, ge=1)
    """Schemas and resource types of its own that a tenant may have."""
    max_definitions_bytes: int = setting("SCIM_MAX_DEFINITIONS_BYTES", 262_144, ge=1, le=300_000)
    """Bytes of all of them together, which are one item."""
    kept_definitions: int = setting("SCIM_KEPT_DEFINITIONS", 10, ge=1, le=50)
    """Versions of them that are kept, with the one in force."""
    feed: Literal["off", "on"] = setting("SCIM_FEED", "on", choices=("off", "on"))
    """Whether the changes of tenants that say nothing of it are logged."""
    feed_days: int = setting("SCIM_FEED_DAYS", 30, ge=1, le=3650)
    """Days for which the change log is kept."""
    event_key: str = setting("SCIM_EVENT_KEY", "")
    """KMS key that signs events; empty: they are unsecured JWTs."""
    push_seconds: int = setting("SCIM_PUSH_SECONDS", 30, ge=0, le=14_400)
    """Seconds before an event is pushed again; each pause is twice the one before, up to 4 hours."""
    push_queue: str = setting("PUSH_QUEUE_URL", "")
    push_failures: str = setting("PUSH_FAILURES_URL", "")
    """The queues of events that are to be pushed, and of those that nobody took."""
    console_issuer: str = setting("SCIM_CONSOLE_ISSUER", "")
    console_client_id: str = setting("SCIM_CONSOLE_CLIENT_ID", "")
    console_secret_name: str = setting("SCIM_CONSOLE_SECRET_NAME", "")
    console_scope: str = setting("SCIM_CONSOLE_SCOPE", "openid email profile")
    console_admits: str = setting("SCIM_CONSOLE_ADMITS", "{}")
    """The identity provider of operators, empty for none; its client, with the name of a secret that
    is kept with the deployment's, empty for none; who may come in, as JSON (docs/console.md)."""
    frame_ancestors: str = setting("SCIM_FRAME_ANCESTORS", "")  # of the setup portal
    console_seconds: int = setting("SCIM_CONSOLE_SECONDS", 3600, ge=300, le=43_200)
    audit_days: int = setting("SCIM_AUDIT_DAYS", 365, ge=1, le=3650)
    """Days for which it is kept what administrators did, and what was refused."""
    event_bus: str = setting("EVENT_BUS_NAME", "")
    """The event bus that changes are told of on."""
    service: str = setting("POWERTOOLS_SERVICE_NAME", "service_undefined")
    log_level: str = setting("POWERTOOLS_LOG_LEVEL", "INFO")
    """What lines of the log say they are of, and the least level of those that are written."""

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings a function was deployed with.

        Raises pydantic.ValidationError naming the variable that does not fit, LimitsError, and
        LocalOnlyError where a deployment has what only a test may have.
        """
        given = {**variables_of(os.environ.get(LIMITS, ""), limits()), **os.environ}
        try:
            values = {
                name: each.read(given[each.name])
                for name, each in VARIABLES.items()
                if each.name in given
            }
        except ValueError:
            values = validated(VARIABLES, given)
        settings = cls(**values)
        if (settings.loopback_issuers or settings.query_token) and _is_on_aws():
            raise LocalOnlyError
        return settings

    def bounds(self) -> Bounds:
        """Return how much one request may ask for."""
        from scim.filter.parsing.limits import FilterLimits  # noqa: PLC0415 - not for the authorizer
        from scim.service.endpoint import Bounds  # noqa: PLC0415 - as above

        return Bounds(
            filter=FilterLimits(
                length=self.max_filter_length,
                terms=self.max_filter_terms,
                depth=self.max_filter_depth,
            ),
            patch_operations=self.max_patch_operations,
            comparisons=self.max_comparisons,
            values=self.max_values,
            bulk_operations=self.max_bulk_operations,
            bulk_payload_bytes=self.max_bulk_payload_bytes,
            job_operations=self.max_job_operations,
            job_payload_bytes=self.max_job_payload_bytes,
            open_jobs=self.max_open_jobs,
            import_operations=self.max_import_operations,
            import_bytes=self.max_import_bytes,
            members=self.max_members,
            nesting=self.max_nesting,
            inline_members=self.max_inline_members,
            patch_answer_members=self.max_patch_answer_members,
            page_size=self.page_size,
            max_page_size=self.max_page_size,
            answer_bytes=self.max_answer_bytes,
            scanned=self.max_scanned,
            cursor_seconds=self.cursor_seconds,
            feed_days=self.feed_days if self.feed == "on" else 0,
            rate=self.tenant_rate,
            deleted_days=self.deleted_days,
        )

    def breaker(self) -> BreakerLimits:
        """Return how much of a directory may be removed in a while."""
        from scim.store.guards.breaker import BreakerLimits  # noqa: PLC0415 - as above

        return BreakerLimits(
            number=self.breaker_number,
            percent=self.breaker_percent,
            minimum=self.breaker_minimum,
            seconds=self.breaker_seconds,
            new_seconds=self.breaker_new_seconds,
        )

    def definition_limits(self) -> DefinitionLimits:
        """Return how much a tenant may define for itself."""
        from scim.service.definitions import DefinitionLimits  # noqa: PLC0415 - for one function

        return DefinitionLimits(
            number=self.max_definitions,
            size=self.max_definitions_bytes,
            kept=self.kept_definitions,
        )

    def minting(self, minted: T) -> T | None:
        """Return the tokens this deployment signs itself where it does, else None."""
        return minted if self.signing_key and self.base_url else None

    def metered(self, cost: Callable[[], str]) -> Callable[[], str] | None:
        """Return the meter where answers shall carry what they cost, else None."""
        return cost if self.meters else None


VARIABLES: Final[Mapping[str, Variable]] = {
    each.name: each.metadata["variable"] for each in fields(Settings)
}
"""The variables by the names of the settings."""


def trace() -> str:
    """Return the trace the invocation belongs to, empty where there is none; another each time."""
    return os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0].removeprefix("Root=")


LIMITS = "SCIM_LIMITS"
_PREFIX = "SCIM_"


def limits() -> dict[str, str]:
    """Return the variables of all limits by the names they have in the document: `MaxMembers`."""
    numbers = (each.name for each in VARIABLES.values() if type(each.default) is int)
    parts = {each: each.removeprefix(_PREFIX).split("_") for each in numbers}
    return {"".join(map(str.capitalize, words)): each for each, words in parts.items()}


def _is_on_aws() -> bool:
    # Lambda sets the first; so does `sam local`, which says so with the second.
    return "AWS_EXECUTION_ENV" in os.environ and os.environ.get("AWS_SAM_LOCAL") != "true"
