"""An issuer whose tokens a tenant accepts, as an operator's JSON document."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from scim.expectation import expectation_of
from scim.permission import SCOPE

Algorithm = Literal["RS256", "PS256", "ES256", "EdDSA"]
"""Public-key signatures only, because with a shared key the verifier could also sign."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def is_trusted_url(url: str) -> bool:
    """Return whether the service may call a URL: https, or plain http on this machine."""
    parts = _parts_of(url)
    if parts is None or parts.username or parts.password or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or is_loopback(url)


def is_loopback(url: str) -> bool:
    """Return whether a URL is plain http on this machine, which only tests and local runs may use."""
    parts = _parts_of(url)
    return parts is not None and parts.scheme == "http" and parts.hostname in _LOOPBACK


def _parts_of(url: str) -> SplitResult | None:
    """Return the parts of a URL, None for a text that is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _trusted(url: str) -> str:
    if not is_trusted_url(url):
        raise ValueError("is not an https URL without credentials and fragment")
    return url


Url = Annotated[str, Field(max_length=2048), AfterValidator(_trusted)]
Name = Annotated[str, Field(min_length=1, max_length=2048)]
Scope = Annotated[str, StringConstraints(pattern=rf"^(?:{SCOPE.pattern}|/[!-~]+)$")]
"""One of our scopes, or a path, which grants the permission that the tenant's profile names so."""

MOST_REMEMBERED: Final = 30
"""The most seconds for which a server's response about a token is cached. The gateway caches our policy
for 30 more (template.yaml), so that a revoked token stops working within 60 seconds."""
MOST_LEEWAY: Final = 60
"""The most seconds for which a signed token is accepted after its expiry; 90 with the gateway's cache."""


class _IssuerPart(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Scoping(_IssuerPart):
    """Converts an issuer's words for permissions to our scopes."""

    claims: tuple[Name, ...] = ("scope", "scp", "roles")
    """The claims with permissions: text separated by spaces (RFC 8693 section 4.2), or a list."""
    names: Mapping[str, tuple[Scope, ...]] = {}
    """Our scopes by the issuer's words; other words grant nothing."""
    always: tuple[Scope, ...] = ()
    """The scopes of every token of this issuer, whatever its claims."""


class Introspection(_IssuerPart):
    """An authorization server that is asked about each token (RFC 7662)."""

    endpoint: Url
    client_id: Name
    secret_name: Name
    """The name of the client's secret in the deployment's secret store; the document has no secret."""
    seconds_remembered: int = Field(default=MOST_REMEMBERED, ge=0, le=60)

    @field_validator("seconds_remembered")
    @classmethod
    def _is_short(cls, seconds: int) -> int:
        return min(seconds, MOST_REMEMBERED)


class Uma(_IssuerPart):
    """The authorization server to which a caller without a token is sent (UMA 2.0 Grant section 3.2)."""

    as_uri: Url
    permission_endpoint: Url
    protection_token_endpoint: Url
    """The endpoint at which this service gets its own token (PAT) for the permission endpoint."""
    resource_id: Name
    resource_scopes: tuple[Name, ...] = Field(min_length=1)
    realm: Name = "scim"


class Issuer(_IssuerPart):
    """An issuer of tokens, whose bearers act in one tenant.

    `kind` says how a token is verified: `jwt` by its signature, `introspection` by asking the server.
    """

    kind: Literal["jwt", "introspection"]
    tenant: Name
    issuer: Name
    """Must equal the claim `iss` exactly."""
    jwks_uri: Url | None = None
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256",), min_length=1)
    audiences: tuple[Name, ...] = Field(default=(), max_length=20)
    claims: Mapping[Name, str] = {}
    """Further claims that a token must have: `{"tid": "…"}` distinguishes tenants of one issuer."""
    scoping: Scoping = Scoping()
    subject_claim: Name = "sub"
    subject_attribute: Literal["id", "userName", "externalId"] = "externalId"
    """The attribute of the bearer's own resource (`/Me`) that equals the subject claim."""
    filters: Mapping[Name, Name] = {}
    """Filters, by resource type, for the resources that bearers can see; empty: all resources."""
    types: tuple[str, ...] = ()
    """Allowed values of the header `typ`, such as `at+jwt` (RFC 9068); empty allows all."""
    maximum_lifetime: int = Field(default=86_400, ge=1, le=604_800)
    leeway: int = Field(default=30, ge=0, le=300)
    """Seconds by which clocks can differ; more than 60, in an old document, counts as 60."""
    introspection: Introspection | None = None
    uma: Uma | None = None

    @field_validator("leeway")
    @classmethod
    def _is_short(cls, seconds: int) -> int:
        return min(seconds, MOST_LEEWAY)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.kind == "jwt" and self.jwks_uri is None:
            raise ValueError("An issuer of kind jwt needs jwksUri.")
        if self.kind == "introspection" and self.introspection is None:
            raise ValueError("An issuer of kind introspection needs introspection.")
        if self.kind != "introspection" and self.uma is not None:
            raise ValueError("uma goes with an issuer of kind introspection.")
        if self.kind != "introspection" and not self.audiences:
            raise ValueError("A signed token is only for its audiences: name at least one.")
        return self


def issuer_of(document: Mapping[str, Any], tenant: str) -> Issuer:
    """Return the issuer in a document; the tenant is in the document's key, not in the document.

    Raises pydantic.ValidationError, which names the invalid member.
    """
    return Issuer.model_validate({**document, "tenant": tenant})


def document_of(issuer: Issuer) -> dict[str, Any]:
    """Return the stored document of an issuer, without the tenant, which is in its key."""
    return issuer.model_dump(
        mode="json", by_alias=True, exclude={"tenant"}, exclude_none=True, exclude_defaults=True
    )


ENTRA_AUDIENCE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
"""The audience of Entra's own tokens, which its provisioning sends when the token field is blank."""


def entra(tenant: str, directory: str, scopes: Sequence[str]) -> Issuer:
    """Return the issuer of Entra's own tokens for one of its directories (a UUID)."""
    return Issuer(
        kind="jwt",
        tenant=tenant,
        issuer=f"https://sts.windows.net/{directory}/",
        jwks_uri=f"https://login.microsoftonline.com/{directory}/discovery/keys",
        audiences=(ENTRA_AUDIENCE,),
        claims={"tid": directory},
        scoping=Scoping(always=tuple(scopes)),
    )


def reason_of(error: Exception) -> str:
    """Return why a document is not a valid issuer: the member, and what was expected."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {expectation_of(first)}"
    return str(error)
