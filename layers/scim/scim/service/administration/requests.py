"""The parameters of each operation: path, query and body of a request in one model.

Path parameters such as `tenant` may not appear in the query or body; unknown members are refused. A parameter with
`repr=False` is not recorded: a document may contain secrets by mistake, such as a private key.
"""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from scim.expectation import WithNumbers

Scheme = Literal["bearer", "bare", "token", "basic"]
_YEARS = 3650
_DAY = 86_400
_MOST = 10**15
"""The largest number: every reader of JSON reads it exactly, and DynamoDB stores it."""


class Parameters(WithNumbers):
    """An operation without parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Paged(Parameters):
    """A page of a list sorted by name; `after` is the last name of the page before."""

    after: str = ""
    count: int = Field(default=100, ge=1, le=1000)


class ByTenant(Parameters):
    """An operation on one tenant, which has to exist."""

    tenant: str


class ByToken(ByTenant):
    """An operation on one token."""

    token: str


class ByClient(ByTenant):
    """An operation on one client."""

    client: str


class ByIssuer(ByTenant):
    """An operation on one issuer, named by its claim `iss`."""

    issuer: str


class ByJob(ByTenant):
    """An operation on one job."""

    job: str


class ByVersion(ByTenant):
    """An operation on one version of definitions."""

    version: str


class NewTenant(Parameters):
    """A tenant to create; without `schemes` clients send tokens as the profile says."""

    name: str
    profile: str = ""
    rate: int | None = Field(default=None, ge=1, le=_MOST)
    schemes: tuple[Scheme, ...] = ()


class ChangedTenant(ByTenant):
    """The settings of a tenant to change; `rate` 0 restores the deployment's rate."""

    schemes: tuple[Scheme, ...] | None = Field(default=None, min_length=1)
    profile: str | None = None
    rate: int | None = Field(default=None, ge=0, le=_MOST)


class NewToken(ByTenant):
    """A token to create: valid for `days` days, starting in `starts_in` seconds; no scopes means all.

    `create_tenant` creates the tenant if it does not exist.
    """

    create_tenant: bool = False
    label: str = Field(default="", max_length=256)
    days: int = Field(default=365, ge=1, le=_YEARS)
    starts_in: int = Field(default=0, ge=0, le=_YEARS * _DAY)
    scopes: tuple[str, ...] = ()
    subject: str | None = None
    filters: dict[str, Any] = Field(default={})


class RotatedToken(ByToken):
    """How long the old token stays valid (`overlap`, seconds) and the new one is valid (`days`)."""

    overlap: int = Field(default=7 * _DAY, ge=0, le=_YEARS * _DAY)
    days: int = Field(default=365, ge=1, le=_YEARS)


class NewClient(ByTenant):
    """A client to create: authenticated by its keys (`jwks`, or published at `jwks_uri`), else by a secret."""

    label: str = Field(default="", max_length=256)
    scopes: tuple[str, ...] = ()
    jwks: dict[str, Any] | None = Field(default=None, repr=False)
    jwks_uri: str = ""
    filters: dict[str, Any] = Field(default={})


class NewIssuer(ByTenant):
    """An issuer to trust; docs/identity-providers.md describes its document."""

    document: dict[str, Any] = Field(repr=False)


class EntraIssuer(ByTenant):
    """An Entra directory (a UUID) whose own tokens are to be trusted."""

    directory: str = Field(
        pattern="^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$", max_length=36
    )
    scopes: tuple[str, ...] = ("*",)


class ByLink(ByTenant):
    """An operation on one link to the setup portal."""

    link: str


class ByConsoleLink(Parameters):
    """An operation on one link to the console."""

    link: str


class NewConsoleLink(Parameters):
    """A link to the console: it can be opened once within `valid` seconds; its session lasts `session` seconds."""

    valid: int = Field(default=600, ge=0, le=_DAY)
    session: int = Field(default=3600, ge=60, le=_DAY)


class NewLink(ByTenant):
    """A link to the setup portal, as NewConsoleLink, with the contact that the portal shows."""

    valid: int = Field(default=7 * _DAY, ge=0, le=90 * _DAY)
    session: int = Field(default=43_200, ge=60, le=30 * _DAY)
    contact: str = Field(default="", max_length=254)


class FeedSettings(ByTenant):
    """The settings of a tenant's log and events: whether and for how many days changes are logged,
    whether events carry content, and their claim `aud`; members left out stay as they are, and null
    restores the deployment's setting.
    """

    on: bool | None = None
    days: int | None = Field(default=None, ge=1, le=_YEARS)
    full: bool | None = None
    audience: str | None = Field(default=None, max_length=2048)


class NewReceiver(ByTenant):
    """Where events are pushed; `secret` names the secret sent as Authorization header; no `events` means all."""

    url: str = Field(max_length=2048)
    secret: str = Field(default="", pattern="^[A-Za-z0-9_.-]{0,128}$")
    events: tuple[str, ...] = ()


class FailuresAfter(ByJob):
    """The failures among up to `count` operations of a job after the first `after` ones."""

    after: int = Field(default=0, ge=0, le=_MOST)
    count: int = Field(default=1000, ge=1, le=5000)


class DefinitionsDocument(ByTenant):
    """The document of a tenant's own schemas and resource types."""

    document: dict[str, Any] = Field(repr=False)


class MappingDocument(ByTenant):
    """The document of a mapping: `attributes` and `groups` (docs/mapping.md)."""

    document: dict[str, Any] = Field(repr=False)


class MappingPreview(ByTenant):
    """The mapping to preview, without a document the draft, and on how many resources of each type."""

    document: dict[str, Any] | None = None
    filter: str = Field(default="", max_length=4096)
    count: int = Field(default=20, ge=1, le=100)


class MappingActivation(ByTenant):
    """The draft that was previewed, by its `revision`."""

    revision: str


class BreakerSettings(ByTenant):
    """A tenant's own limits on removals in a window; the deployment's apply for members left out."""

    number: int | None = Field(default=None, ge=0, le=_MOST)
    percent: int | None = Field(default=None, ge=0, le=100)


class BreakerRelease(ByTenant):
    """How many removals the next window allows; the usual limit if left out."""

    allow: int | None = Field(default=None, ge=1, le=_MOST)


class RequestsAfter(ByTenant):
    """The last `count` requests with numbers above `after`."""

    after: int = Field(default=0, ge=0, le=_MOST)
    count: int = Field(default=50, ge=1, le=1000)


class RequestLogSettings(ByTenant):
    """Whether a tenant's requests are kept, and for how many minutes from now with their bodies, 0 to
    stop; members left out stay as they are.
    """

    on: bool | None = None
    bodies: int | None = Field(default=None, ge=0, le=1440)


class AuditQuery(Parameters):
    """Which entries of the audit, the newest first: from `since` to before `until` (RFC 3339); `resource`
    is `User/…` or an id, `principal` a token's id, an owner, a subject or an ARN; `after` is the
    `next` of the page before. The tenant may be deleted.
    """

    tenant: str
    since: str = ""
    until: str = ""
    resource: str = ""
    principal: str = ""
    kind: Literal["", "change", "refusal", "act"] = ""
    after: str = ""
    count: int = Field(default=100, ge=1, le=1000)
