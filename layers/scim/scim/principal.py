"""The caller of a request: the tenant its token belongs to, and what the token allows."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from scim.immutable import immutable

_CLIENT = "client:"
_MEMBERS = (
    "tenant",
    "tokenId",
    "scopes",
    "subject",
    "profile",
    "rate",
    "filters",
    "schemes",
    "definitions",
    "owner",
)
"""The members of a context that describe a caller, in the order of the fields of `_Context`."""
REMEMBERED = 256
"""How many parsed callers are cached: each makes many requests with one token."""


@immutable
class Principal:
    """The caller of one request, as the authorizer established it.

    `token_id` names the credential without revealing it; `scopes` grant permissions;
    `owner` names its holder, the same for all tokens that succeed each other by rotation;
    `subject` identifies the resource of `/Me`, as `id:…`, `userName:…` or `externalId:…`;
    `rate` is the tenant's own limit in requests a second, None for the deployment's;
    `filters` say, as JSON, which resources exist for the caller, empty for all of them;
    `schemes` are the ways in which the tenant's clients may send a token;
    `definitions` is the version of the tenant's own definitions, empty for none;
    `address` and `request_id` come from the request, not from the authorizer's context.
    """

    tenant: str
    token_id: str
    scopes: frozenset[str] = frozenset()
    subject: str | None = None
    profile: str = ""
    rate: int | None = None
    filters: str = ""
    schemes: tuple[str, ...] = ()
    definitions: str = ""
    owner: str = ""
    address: str = ""
    request_id: str = ""

    def context(self) -> dict[str, str]:
        """Return the caller as the authorizer's context: API Gateway passes on texts only."""
        return {
            "tenant": self.tenant,
            "tokenId": self.token_id,
            "scopes": " ".join(sorted(self.scopes)),
            "subject": self.subject or "",
            "profile": self.profile,
            "rate": "" if self.rate is None else str(self.rate),
            "filters": self.filters,
            "schemes": " ".join(self.schemes),
            "definitions": self.definitions,
            "owner": self.owner,
        }

    @staticmethod
    def from_context(
        context: Mapping[str, Any], address: str, request_id: str
    ) -> "Principal | None":
        """Return the caller in the authorizer's context, None if it names no tenant."""
        tenant = context.get("tenant")
        if not isinstance(tenant, str) or not tenant:
            return None
        return Principal(*_context_of(*map(context.get, _MEMBERS)), address, request_id)


class _Context(NamedTuple):
    """The content of a context; it is the same for all requests with a token."""

    tenant: str
    token_id: str
    scopes: frozenset[str]
    subject: str | None
    profile: str
    rate: int | None
    filters: str
    schemes: tuple[str, ...]
    definitions: str
    owner: str


@lru_cache(maxsize=REMEMBERED)
def _context_of(*claims: Hashable) -> _Context:
    texts = ["" if claim is None else str(claim) for claim in claims]
    tenant, token_id, scopes, subject, profile, rate, filters, schemes, definitions, owner = texts
    return _Context(
        tenant,
        token_id,
        frozenset(scopes.split()),
        subject or None,
        profile,
        int(rate) if rate else None,
        filters,
        tuple(schemes.split()),
        definitions,
        owner,
    )


def token_owner(family: str) -> str:
    """Return the owner of a token with this id and of the tokens that succeed it by rotation."""
    return f"token:{family}"


def client_owner(client_id: str) -> str:
    """Return a client of the token endpoint as an owner of tokens."""
    return f"{_CLIENT}{client_id}"


def is_client(owner: str) -> bool:
    """Tell whether an owner of tokens is a client of the token endpoint."""
    return owner.startswith(_CLIENT)


def issuer_owner(issuer: str, subject: str) -> str:
    """Return a subject of an issuer as an owner of tokens; both are hashes, since they may be personal data."""
    return f"issuer:{issuer}:{subject}"
