"""The settings of a deployment: read once from the environment, by functions only."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal, Self, TypeVar

from scim.variable import Variable, setting, validated, variables_of

if TYPE_CHECKING:
    from scim.access.breaker import BreakerLimits
    from scim.service.definitions import DefinitionLimits
    from scim.service.endpoint import Bounds

T = TypeVar("T")


class LocalOnlyError(Exception):
    """A deployment on AWS has a setting that is for tests and local runs only."""

    def __init__(self) -> None:
        super().__init__("SCIM_LOOPBACK_ISSUERS and SCIM_QUERY_TOKEN are for local runs only.")


@dataclass(frozen=True, repr=False)
class Settings:
    """Limits and names of one deployment; every field names the environment variable it is read from.

    Sizes are in bytes, lengths in characters, limits are inclusive.
    """

    table_name: str = setting("TABLE_NAME", "")
    resource_type: str = setting("RESOURCE_TYPE", "*")
    base_url: str = setting("SCIM_BASE_URL", "")
    """Scheme, host and stage before `/scim/v2`; if empty, they come from the request context."""
    meters: bool = setting("SCIM_METER", default=False)
    shows_tolerated: bool = setting("SCIM_SHOW_TOLERATED", default=False)
    """Whether answers name in `X-SCIM-Tolerated` the tolerances that the request needed."""
    metrics: Literal["off", "operations", "tenants"] = setting(
        "SCIM_METRICS", "tenants", choices=("off", "operations", "tenants")
    )
    """Whether requests are counted in metrics: not at all, by operation, or also by tenant."""
    token_warning_days: int = setting("SCIM_TOKEN_WARNING_DAYS", 30, ge=1)
    """The watch reports a token from this many days before it expires."""
    silent_days: int = setting("SCIM_SILENT_DAYS", 7, ge=1)
    """Days without a request after which the watch calls a tenant silent."""
    consistent_reads: bool = setting("SCIM_CONSISTENT_READS", default=True)
    """Whether all reads see acknowledged writes; otherwise reads by id may lag, for half the price."""
    name_seconds: int = setting("SCIM_NAME_SECONDS", 5, ge=0, le=300)
    """How many seconds old a group's name on a user may be, where reads may lag; 0 for no cache of names."""
    minimum_token_length: int = setting("SCIM_MINIMUM_TOKEN_LENGTH", 40, ge=1)
    tenant_rate: int = setting("SCIM_TENANT_RATE", 100, ge=0)
    """Requests a second of a tenant without a limit of its own; 0 for no limit."""
    me: Literal["off", "on", "create"] = setting("SCIM_ME", "on", choices=("off", "on", "create"))
    """Whether `/Me` is served, and whether callers may create their own resource there."""
    secret_prefix: str = setting("SCIM_SECRET_PREFIX", "")
    """The prefix of the full names of this deployment's secrets."""
    signing_key: str = setting("SCIM_SIGNING_KEY", "")
    """KMS key of the token endpoint; if empty, there is no token endpoint and no token of our own."""
    token_seconds: int = setting("SCIM_TOKEN_SECONDS", 3600, ge=60, le=3600)
    """How long a token of the token endpoint is valid."""
    issuer_seconds: int = setting("SCIM_ISSUER_SECONDS", 2, ge=1, le=3)
    """How long one call to an authorization server may take; the authorizer makes up to three in 10 s."""
    loopback_issuers: bool = setting("SCIM_LOOPBACK_ISSUERS", default=False)
    """Whether issuers on this machine may be called over plain http; never on AWS."""
    query_token: str = setting("SCIM_QUERY_TOKEN", "")
    """A query parameter that is also accepted as a credential (a test mode uses `access_token`);
    empty for none; never on AWS."""
    max_body_bytes: int = setting("SCIM_MAX_BODY_BYTES", 1_048_576, ge=1, le=5_242_880)
    max_filter_length: int = setting("SCIM_MAX_FILTER_LENGTH", 4096, ge=1)
    max_filter_terms: int = setting("SCIM_MAX_FILTER_TERMS", 100, ge=1)
    max_filter_depth: int = setting("SCIM_MAX_FILTER_DEPTH", 20, ge=1, le=32)
    max_patch_operations: int = setting("SCIM_MAX_PATCH_OPERATIONS", 1000, ge=1)
    max_values: int = setting("SCIM_MAX_VALUES", 1000, ge=1, le=10_000)
    """The most values of one multi-valued attribute that is not a relation."""
    max_comparisons: int = setting("SCIM_MAX_COMPARISONS", 400_000, ge=1)
    """The most comparisons of values with filters in one request: each takes 2 to 4 µs of CPU."""
    max_bulk_operations: int = setting("SCIM_MAX_BULK_OPERATIONS", 1000, ge=1, le=5_000)
    max_bulk_payload_bytes: int = setting(
        "SCIM_MAX_BULK_PAYLOAD_BYTES", 1_048_576, ge=1, le=5_242_880
    )
    bucket_name: str = setting("BUCKET_NAME", "")
    state_machine_arn: str = setting("STATE_MACHINE_ARN", "")
    """The bucket with the files of long jobs, and the state machine that runs them."""
    max_job_operations: int = setting("SCIM_MAX_JOB_OPERATIONS", 100_000, ge=1)
    max_job_payload_bytes: int = setting(
        "SCIM_MAX_JOB_PAYLOAD_BYTES", 5_242_880, ge=1, le=5_242_880
    )
    max_open_jobs: int = setting("SCIM_MAX_OPEN_JOBS", 20, ge=1)
    """The most jobs of one tenant that are waiting, pending or running."""
    max_job_concurrency: int = setting("SCIM_MAX_JOB_CONCURRENCY", 5, ge=1, le=1000)
    """The most batches of one job at once: a new AWS account has ten concurrent Lambda executions in all."""
    max_import_operations: int = setting("SCIM_MAX_IMPORT_OPERATIONS", 1_000_000, ge=1)
    max_import_bytes: int = setting("SCIM_MAX_IMPORT_BYTES", 1_073_741_824, ge=1, le=5_368_709_120)
    """The most operations and bytes of one file."""
    max_members: int = setting("SCIM_MAX_MEMBERS", 10_000, ge=1)
    """The most values of one relation in one request."""
    max_nesting: int = setting("SCIM_MAX_NESTING", 50, ge=1, le=500)
    """The most levels of nesting between resources of one type, such as groups in groups."""
    max_inline_members: int = setting("SCIM_MAX_INLINE_MEMBERS", 10_000, ge=0)
    """The most values of one relation in one answer."""
    max_patch_answer_members: int = setting("SCIM_MAX_PATCH_ANSWER_MEMBERS", 8, ge=0)
    """A PATCH answers with the resource up to this many values of one relation, with 204 beyond."""
    page_size: int = setting("SCIM_PAGE_SIZE", 100, ge=1)
    max_page_size: int = setting("SCIM_MAX_PAGE_SIZE", 1000, ge=1)
    max_answer_bytes: int = setting("SCIM_MAX_ANSWER_BYTES", 5_000_000, ge=65_536, le=6_000_000)
    """The most bytes of one page as Lambda counts them, whose own limit is 6,291,556: pages of large
    resources end early. The default leaves a fifth for an explanation, and for single resources that
    are larger."""
    max_scanned: int = setting("SCIM_MAX_SCANNED", 50_000, ge=1)
    """The most items one query may read: resources, and index entries on the way to them."""
    cursor_seconds: int = setting("SCIM_CURSOR_SECONDS", 3600, ge=1)
    """How long a walk through pages may pause, by cursor or by startIndex."""
    breaker_number: int = setting("SCIM_BREAKER_NUMBER", 1000, ge=0)
    """How many deletions, deactivations and removals of members in a window open a tenant's breaker;
    0 for no limit."""
    breaker_percent: int = setting("SCIM_BREAKER_PERCENT", 20, ge=0, le=100)
    """The same in percent of the live resources; 0 for no limit."""
    breaker_minimum: int = setting("SCIM_BREAKER_MINIMUM", 50, ge=1)
    """The least number that the percentage can come to: small directories change by large parts."""
    breaker_seconds: int = setting("SCIM_BREAKER_SECONDS", 3600, ge=1)
    breaker_new_seconds: int = setting("SCIM_BREAKER_NEW_SECONDS", 3600, ge=0)
    """How long after a resource's creation its removals do not count."""
    deleted_days: int = setting("SCIM_DELETED_DAYS", 30, ge=1, le=3650)
    """The days for which deleted resources can be restored, where a tenant's profile keeps them."""
    idempotency_seconds: int = setting("SCIM_IDEMPOTENCY_SECONDS", 86_400, ge=0)
    """How long Idempotency-Keys are kept; 0: they are ignored."""
    request_log: int = setting("SCIM_REQUEST_LOG", 0, ge=0, le=10_000)
    """How many of a tenant's last requests are kept; 0 for none."""
    request_log_seconds: int = setting("SCIM_REQUEST_LOG_SECONDS", 86_400, ge=60)
    max_definitions: int = setting("SCIM_MAX_DEFINITIONS", 100, ge=1)
    """The most schemas and resource types that a tenant may define."""
    max_definitions_bytes: int = setting("SCIM_MAX_DEFINITIONS_BYTES", 262_144, ge=1, le=300_000)
    """The most bytes of all of them together, which are one item."""
    kept_definitions: int = setting("SCIM_KEPT_DEFINITIONS", 10, ge=1, le=50)
    """How many versions of them are kept, including the one in force."""
    feed: Literal["off", "on"] = setting("SCIM_FEED", "on", choices=("off", "on"))
    """Whether changes are logged for tenants without a setting of their own."""
    feed_days: int = setting("SCIM_FEED_DAYS", 30, ge=1, le=3650)
    """The days for which the change log is kept."""
    event_key: str = setting("SCIM_EVENT_KEY", "")
    """KMS key that signs events; if empty, events are unsecured JWTs."""
    push_seconds: int = setting("SCIM_PUSH_SECONDS", 30, ge=0, le=14_400)
    """Seconds before a failed push is tried again; each further pause doubles, up to 4 hours."""
    push_queue: str = setting("PUSH_QUEUE_URL", "")
    push_failures: str = setting("PUSH_FAILURES_URL", "")
    """The queues of events to push, and of undeliverable events."""
    console_issuer: str = setting("SCIM_CONSOLE_ISSUER", "")
    console_client_id: str = setting("SCIM_CONSOLE_CLIENT_ID", "")
    console_secret_name: str = setting("SCIM_CONSOLE_SECRET_NAME", "")
    console_scope: str = setting("SCIM_CONSOLE_SCOPE", "openid email profile")
    console_admits: str = setting("SCIM_CONSOLE_ADMITS", "{}")
    """The identity provider of operators, empty for none; its client, the name of the client's secret
    among the deployment's, empty for none; its scope; and who may sign in, as JSON (docs/console.md)."""
    frame_ancestors: str = setting("SCIM_FRAME_ANCESTORS", "")  # of the setup portal
    console_seconds: int = setting("SCIM_CONSOLE_SECONDS", 3600, ge=300, le=43_200)
    console_issuer_seconds: int = setting("SCIM_CONSOLE_ISSUER_SECONDS", 5, ge=1, le=9)
    """How long one call to the operators' identity provider may take; a sign-in makes up to three."""
    audit_days: int = setting("SCIM_AUDIT_DAYS", 365, ge=1, le=3650)
    """The days for which acts of administrators and refusals are kept."""
    event_bus: str = setting("EVENT_BUS_NAME", "")
    """The event bus on which changes are published."""
    service: str = setting("POWERTOOLS_SERVICE_NAME", "service_undefined")
    log_level: str = setting("POWERTOOLS_LOG_LEVEL", "INFO")
    """The service named in log lines, and the lowest level that is written."""

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings that a function was deployed with.

        Raises pydantic.ValidationError naming the variable that does not fit, LimitsError, and
        LocalOnlyError where a deployment on AWS has a setting for tests.
        """
        given = {**variables_of(os.environ.get(LIMITS, ""), limits()), **os.environ}
        try:
            values = {
                name: variable.read(given[variable.name])
                for name, variable in VARIABLES.items()
                if variable.name in given
            }
        except ValueError:
            values = validated(VARIABLES, given)
        settings = cls(**values)
        if (settings.loopback_issuers or settings.query_token) and _is_on_aws():
            raise LocalOnlyError
        return settings

    def bounds(self) -> Bounds:
        """Return the limits of requests."""
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
        """Return the limits on removals in a window."""
        from scim.access.breaker import BreakerLimits  # noqa: PLC0415 - as above

        return BreakerLimits(
            number=self.breaker_number,
            percent=self.breaker_percent,
            minimum=self.breaker_minimum,
            seconds=self.breaker_seconds,
            new_seconds=self.breaker_new_seconds,
        )

    def definition_limits(self) -> DefinitionLimits:
        """Return the limits of a tenant's own definitions."""
        from scim.service.definitions import DefinitionLimits  # noqa: PLC0415 - for one function

        return DefinitionLimits(
            number=self.max_definitions,
            size=self.max_definitions_bytes,
            kept=self.kept_definitions,
        )

    def minting(self, minted: T) -> T | None:
        """Return `minted` if this deployment issues tokens of its own, else None."""
        return minted if self.signing_key and self.base_url else None

    def metered(self, cost: Callable[[], str]) -> Callable[[], str] | None:
        """Return `cost` if answers carry their cost, else None."""
        return cost if self.meters else None


VARIABLES: Final[Mapping[str, Variable]] = {
    field.name: field.metadata["variable"] for field in fields(Settings)
}
"""The variables by the names of their settings."""


def trace() -> str:
    """Return the trace id of the current invocation, empty where there is none."""
    return os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0].removeprefix("Root=")


LIMITS = "SCIM_LIMITS"
_PREFIX = "SCIM_"


def limits() -> dict[str, str]:
    """Return the variables of all limits, by their names in the document, such as `MaxMembers`."""
    numbers = (variable.name for variable in VARIABLES.values() if type(variable.default) is int)
    parts = {number: number.removeprefix(_PREFIX).split("_") for number in numbers}
    return {
        "".join(map(str.capitalize, words)): variable_name for variable_name, words in parts.items()
    }


def _is_on_aws() -> bool:
    # Lambda sets the first variable; `sam local` sets both.
    return "AWS_EXECUTION_ENV" in os.environ and os.environ.get("AWS_SAM_LOCAL") != "true"
