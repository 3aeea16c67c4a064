"""Who else's tokens a tenant accepts, as the JSON document an operator gives."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

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

from scim.permission import SCOPE

Algorithm = Literal["RS256", "PS256", "ES256", "EdDSA"]
"""Public-key signatures only: a key that is published must not be one that signs."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def is_trusted_url(url: str) -> bool:
    """Tell whether a URL is one this service may be told to call: https, or this machine itself."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or is_loopback(url)


def is_loopback(url: str) -> bool:
    """Tell whether a URL is plain http on this machine, which only tests and local runs may use."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _trusted(url: str) -> str:
    if not is_trusted_url(url):
        raise ValueError("is not an https URL without credentials and fragment")
    return url


Url = Annotated[str, Field(max_length=2048), AfterValidator(_trusted)]
Name = Annotated[str, Field(min_length=1, max_length=2048)]
Scope = Annotated[str, StringConstraints(pattern=rf"^(?:{SCOPE.pattern}|/[!-~]+)$")]
"""In our words, or a path, which grants what the profile of the tenant calls so."""

MOST_REMEMBERED: Final = 30
"""Seconds what a server said of a token is remembered at most. The gateway remembers our verdict for
30 more (template.yaml), so that a revoked token ends within 60 seconds."""
MOST_LEEWAY: Final = 60
"""Seconds a signed token is believed beyond its end at most; with the gateway's memory 90."""


class _Document(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Scoping(_Document):
    """How an issuer's word for a permission becomes one of ours."""

    claims: tuple[Name, ...] = ("scope", "scp", "roles")
    """Where permissions stand: text separated by spaces (RFC 8693 section 4.2), or a list."""
    names: Mapping[str, tuple[Scope, ...]] = {}
    """Their word to our scopes. A word that is not here is none."""
    always: tuple[Scope, ...] = ()
    """What every token of this issuer may do, whatever it says itself."""


class Introspection(_Document):
    """An authorization server that is asked about each token (RFC 7662)."""

    endpoint: Url
    client_id: Name
    secret_name: Name
    """Names the client's secret in the deployment's secret store; the secret is never written here."""
    seconds_remembered: int = Field(default=MOST_REMEMBERED, ge=0, le=60)

    @field_validator("seconds_remembered")
    @classmethod
    def _is_short(cls, seconds: int) -> int:
        return min(seconds, MOST_REMEMBERED)


class Uma(_Document):
    """Where a caller without a token is sent (UMA 2.0 Grant section 3.2)."""

    as_uri: Url
    permission_endpoint: Url
    protection_token_endpoint: Url
    """Where this service gets its own token (PAT) for the permission endpoint."""
    resource_id: Name
    resource_scopes: tuple[Name, ...] = Field(min_length=1)
    realm: Name = "scim"


class Issuer(_Document):
    """One issuer of tokens, whose bearer acts in one tenant.

    `kind` says how a token is believed: `jwt` by its signature, `introspection` by asking.
    """

    kind: Literal["jwt", "introspection"]
    tenant: Name
    issuer: Name
    """Equals the claim `iss`, character by character."""
    jwks_uri: Url | None = None
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256",), min_length=1)
    audiences: tuple[Name, ...] = Field(default=(), max_length=20)
    claims: Mapping[Name, str] = {}
    """What else a token must say: `{"tid": "…"}` tells tenants of one issuer apart."""
    scoping: Scoping = Scoping()
    subject_claim: Name = "sub"
    subject_attribute: Literal["id", "userName", "externalId"] = "externalId"
    """Which attribute of the bearer's own resource, which `/Me` is, the subject claim equals."""
    filters: Mapping[Name, Name] = {}
    """Which resources exist for its bearers, by resource type; empty: all of them."""
    types: tuple[str, ...] = ()
    """Allowed values of the header `typ`, such as `at+jwt` (RFC 9068); empty allows every one."""
    maximum_lifetime: int = Field(default=86_400, ge=1, le=604_800)
    leeway: int = Field(default=30, ge=0, le=300)
    """Seconds by which clocks may differ; of more than 60 in an old document 60 are meant."""
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
    """Return the issuer a tenant's document describes; the tenant is where it is stored.

    Raises pydantic.ValidationError naming the member that does not fit.
    """
    return Issuer.model_validate({**document, "tenant": tenant})


def document_of(issuer: Issuer) -> dict[str, Any]:
    """Return the document of an issuer as it is stored: without the tenant, which is its key."""
    return issuer.model_dump(
        mode="json", by_alias=True, exclude={"tenant"}, exclude_none=True, exclude_defaults=True
    )


ENTRA_AUDIENCE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
"""The application Entra's provisioning calls every SCIM service as, when its token field is blank."""


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
    """Return why a document is none of an issuer: the member, and what was expected."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
