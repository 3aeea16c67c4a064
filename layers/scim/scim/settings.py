"""What a deployment can set: read once from the environment, by functions only."""

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from scim.filter.parsing.parse import FilterLimits
from scim.service.endpoint import Bounds
from scim.store.guards.breaker import BreakerLimits

if TYPE_CHECKING:
    from scim.service.definitions import DefinitionLimits

T = TypeVar("T")


class LocalOnlyError(Exception):
    """A deployment on AWS has a setting that is for tests and local runs."""

    def __init__(self) -> None:
        super().__init__("SCIM_LOOPBACK_ISSUERS and SCIM_QUERY_TOKEN are for local runs only.")


class LimitsError(Exception):
    """The document of limits is none, or names what is no limit."""

    def __init__(self, text: str) -> None:
        super().__init__(f"SCIM_LIMITS: {text}")


class Settings(BaseModel):
    """Bounds and names of one deployment; every field has the environment name of its alias.

    Sizes are in bytes, lengths in characters, limits are inclusive.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    table_name: str = Field(default="", alias="TABLE_NAME")
    resource_type: str = Field(default="*", alias="RESOURCE_TYPE")
    base_url: str = Field(default="", alias="SCIM_BASE_URL")
    """Scheme, host and stage before `/scim/v2`; empty: taken from the request context."""
    meters: bool = Field(default=False, alias="SCIM_METER")
    shows_tolerated: bool = Field(default=False, alias="SCIM_SHOW_TOLERATED")
    """Whether answers name in `X-SCIM-Tolerated` what it took to understand the request."""
    metrics: Literal["off", "operations", "tenants"] = Field(
        default="tenants", alias="SCIM_METRICS"
    )
    """Whether requests are counted as metrics: by operation, and by tenant too."""
    token_warning_days: int = Field(default=30, ge=1, alias="SCIM_TOKEN_WARNING_DAYS")
    """Days before a token ends from which on the watch reports it."""
    silent_days: int = Field(default=7, ge=1, alias="SCIM_SILENT_DAYS")
    """Days without a request after which the watch calls a tenant silent."""
    consistent_reads: bool = Field(default=True, alias="SCIM_CONSISTENT_READS")
    """Whether a write that was acknowledged is seen by whoever reads next; else reads by id may be
    a moment old, for half the price."""
    minimum_token_length: int = Field(default=40, ge=1, alias="SCIM_MINIMUM_TOKEN_LENGTH")
    tenant_rate: int = Field(default=100, ge=0, alias="SCIM_TENANT_RATE")
    """Requests a second a tenant without a limit of its own may make; 0 is no limit."""
    me: Literal["off", "on", "create"] = Field(default="on", alias="SCIM_ME")
    """Whether `/Me` is served, and whether callers may create their own resource there."""
    secret_prefix: str = Field(default="", alias="SCIM_SECRET_PREFIX")
    """How the full names of this deployment's secrets begin."""
    signing_key: str = Field(default="", alias="SCIM_SIGNING_KEY")
    """KMS key of the token endpoint; empty: there is none, and no token is our own."""
    token_seconds: int = Field(default=3600, ge=60, le=3600, alias="SCIM_TOKEN_SECONDS")
    """How long a token of the token endpoint is good for."""
    loopback_issuers: bool = Field(default=False, alias="SCIM_LOOPBACK_ISSUERS")
    """Whether issuers on this machine may be called over plain http; never on AWS."""
    query_token: str = Field(default="", alias="SCIM_QUERY_TOKEN")
    """Parameter of the query that is a credential too (a test mode has `access_token`);
    empty: none; never on AWS."""
    max_body_bytes: int = Field(default=1_048_576, ge=1, le=5_242_880, alias="SCIM_MAX_BODY_BYTES")
    max_filter_length: int = Field(default=4096, ge=1, alias="SCIM_MAX_FILTER_LENGTH")
    max_filter_terms: int = Field(default=100, ge=1, alias="SCIM_MAX_FILTER_TERMS")
    max_filter_depth: int = Field(default=20, ge=1, le=32, alias="SCIM_MAX_FILTER_DEPTH")
    max_patch_operations: int = Field(default=1000, ge=1, alias="SCIM_MAX_PATCH_OPERATIONS")
    max_values: int = Field(default=1000, ge=1, le=10_000, alias="SCIM_MAX_VALUES")
    """Values of one multi-valued attribute that is not a relation."""
    max_comparisons: int = Field(default=400_000, ge=1, alias="SCIM_MAX_COMPARISONS")
    """Comparisons of values with filters in one request: each takes 2 to 4 µs of CPU."""
    max_bulk_operations: int = Field(default=1000, ge=1, le=5_000, alias="SCIM_MAX_BULK_OPERATIONS")
    max_bulk_payload_bytes: int = Field(
        default=1_048_576, ge=1, le=5_242_880, alias="SCIM_MAX_BULK_PAYLOAD_BYTES"
    )
    bucket_name: str = Field(default="", alias="BUCKET_NAME")
    state_machine_arn: str = Field(default="", alias="STATE_MACHINE_ARN")
    """What keeps the files of long jobs, and what runs them."""
    max_job_operations: int = Field(default=100_000, ge=1, alias="SCIM_MAX_JOB_OPERATIONS")
    max_job_payload_bytes: int = Field(
        default=5_242_880, ge=1, le=5_242_880, alias="SCIM_MAX_JOB_PAYLOAD_BYTES"
    )
    max_open_jobs: int = Field(default=20, ge=1, alias="SCIM_MAX_OPEN_JOBS")
    """Jobs of one tenant that wait, are pending or run."""
    max_job_concurrency: int = Field(default=5, ge=1, le=1000, alias="SCIM_MAX_JOB_CONCURRENCY")
    """Batches of one job at once: a new account has ten executions of Lambda for everything."""
    max_import_operations: int = Field(default=1_000_000, ge=1, alias="SCIM_MAX_IMPORT_OPERATIONS")
    max_import_bytes: int = Field(
        default=1_073_741_824, ge=1, le=5_368_709_120, alias="SCIM_MAX_IMPORT_BYTES"
    )
    """Operations and bytes of one file."""
    max_members: int = Field(default=10_000, ge=1, alias="SCIM_MAX_MEMBERS")
    """Values of one relation in one request."""
    max_nesting: int = Field(default=50, ge=1, le=500, alias="SCIM_MAX_NESTING")
    """Levels in which resources of one type (groups) may lie in each other."""
    max_inline_members: int = Field(default=10_000, ge=0, alias="SCIM_MAX_INLINE_MEMBERS")
    """Values of one relation in one answer."""
    max_patch_answer_members: int = Field(default=8, ge=0, alias="SCIM_MAX_PATCH_ANSWER_MEMBERS")
    """Values of one relation up to which a PATCH answers with the resource, 204 beyond."""
    page_size: int = Field(default=100, ge=1, alias="SCIM_PAGE_SIZE")
    max_page_size: int = Field(default=1000, ge=1, alias="SCIM_MAX_PAGE_SIZE")
    max_answer_bytes: int = Field(
        default=5_000_000, ge=65_536, le=6_000_000, alias="SCIM_MAX_ANSWER_BYTES"
    )
    """Bytes of one page as Lambda counts them, which answers with 6,291,556 at most: pages of
    large resources end early. The default leaves a fifth for an explanation, and for resources
    that are too large alone."""
    max_scanned: int = Field(default=50_000, ge=1, alias="SCIM_MAX_SCANNED")
    """Items one query may read: resources, and index entries on the way to them."""
    cursor_seconds: int = Field(default=3600, ge=1, alias="SCIM_CURSOR_SECONDS")
    """How long a walk through pages may pause, by cursor or by startIndex."""
    breaker_number: int = Field(default=1000, ge=0, alias="SCIM_BREAKER_NUMBER")
    """Deletions, deactivations and members removed in a window before a tenant's breaker opens;
    0 is no limit."""
    breaker_percent: int = Field(default=20, ge=0, le=100, alias="SCIM_BREAKER_PERCENT")
    """The same in percent of the resources that live; 0 is no limit."""
    breaker_minimum: int = Field(default=50, ge=1, alias="SCIM_BREAKER_MINIMUM")
    """What that never is less than: small directories change by large parts."""
    breaker_seconds: int = Field(default=3600, ge=1, alias="SCIM_BREAKER_SECONDS")
    breaker_new_seconds: int = Field(default=3600, ge=0, alias="SCIM_BREAKER_NEW_SECONDS")
    """How long after its creation it does not count what becomes of a resource."""
    idempotency_seconds: int = Field(default=86_400, ge=0, alias="SCIM_IDEMPOTENCY_SECONDS")
    """How long it is remembered what became of a POST with an Idempotency-Key; 0: such keys are
    not heeded."""
    request_log: int = Field(default=0, ge=0, le=10_000, alias="SCIM_REQUEST_LOG")
    """How many of a tenant's last requests are kept; 0: none."""
    request_log_seconds: int = Field(default=86_400, ge=60, alias="SCIM_REQUEST_LOG_SECONDS")
    max_definitions: int = Field(default=100, ge=1, alias="SCIM_MAX_DEFINITIONS")
    """Schemas and resource types of its own that a tenant may have."""
    max_definitions_bytes: int = Field(
        default=262_144, ge=1, le=300_000, alias="SCIM_MAX_DEFINITIONS_BYTES"
    )
    """Bytes of all of them together, which are one item."""
    kept_definitions: int = Field(default=10, ge=1, le=50, alias="SCIM_KEPT_DEFINITIONS")
    """Versions of them that are kept, with the one in force."""

    feed: Literal["off", "on"] = Field(default="on", alias="SCIM_FEED")
    """Whether the changes of tenants that say nothing of it are logged."""
    feed_days: int = Field(default=30, ge=1, le=3650, alias="SCIM_FEED_DAYS")
    """Days for which the change log is kept."""

    event_key: str = Field(default="", alias="SCIM_EVENT_KEY")
    """KMS key that signs events; empty: they are unsecured JWTs."""
    push_seconds: int = Field(default=30, ge=0, le=14_400, alias="SCIM_PUSH_SECONDS")
    """Seconds between the first and the second attempt to push an event; each pause is twice the
    one before, up to four hours."""
    push_queue: str = Field(default="", alias="PUSH_QUEUE_URL")
    push_failures: str = Field(default="", alias="PUSH_FAILURES_URL")
    """The queues of events that are to be pushed, and of those that nobody took."""
    audit_days: int = Field(default=365, ge=1, le=3650, alias="SCIM_AUDIT_DAYS")
    """Days for which it is kept what administrators did, and what was refused."""

    event_bus: str = Field(default="", alias="EVENT_BUS_NAME")
    """The event bus that changes are told of on."""

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings a function was deployed with.

        Raises pydantic.ValidationError naming the variable that does not fit, LimitsError, and
        LocalOnlyError where a deployment has what only a test may have.
        """
        settings = cls.model_validate({**variables_of(os.environ.get(LIMITS, "")), **os.environ})
        if (settings.loopback_issuers or settings.query_token) and _is_on_aws():
            raise LocalOnlyError
        return settings

    def bounds(self) -> Bounds:
        """Return how much one request may ask for."""
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
        )

    def breaker(self) -> BreakerLimits:
        """Return how much of a directory may be removed in a while."""
        return BreakerLimits(
            number=self.breaker_number,
            percent=self.breaker_percent,
            minimum=self.breaker_minimum,
            seconds=self.breaker_seconds,
            new_seconds=self.breaker_new_seconds,
        )

    def definition_limits(self) -> "DefinitionLimits":
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


LIMITS = "SCIM_LIMITS"
_PREFIX = "SCIM_"


def limits() -> dict[str, str]:
    """Return the variables of all limits by the names they have in the document: `MaxMembers`."""
    numbers = (each for each in Settings.model_fields.values() if each.annotation is int)
    variables = [str(each.alias) for each in numbers]
    return {_camel(each.removeprefix(_PREFIX)): each for each in variables}


def variables_of(document: str) -> dict[str, object]:
    """Return the variables that a document of limits, `{"MaxMembers": 20000}`, stands for.

    Raises LimitsError.
    """
    try:
        given = json.loads(document or "{}")
    except ValueError as error:
        raise LimitsError("expected a JSON object") from error
    if not isinstance(given, dict):
        raise LimitsError("expected a JSON object")
    known = limits()
    for name, value in given.items():
        if name not in known:
            raise LimitsError(f"there is no limit {name}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise LimitsError(f"{name}: expected a whole number")
    return {known[name]: value for name, value in given.items()}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _is_on_aws() -> bool:
    # Lambda sets the first; so does `sam local`, which says so with the second.
    return "AWS_EXECUTION_ENV" in os.environ and os.environ.get("AWS_SAM_LOCAL") != "true"
