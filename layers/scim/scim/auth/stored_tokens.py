"""The deployment's own tokens, stored by their hash and valid for a limited time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from scim.access.token import hash_of
from scim.auth.credential import Credential
from scim.auth.not_authorized import NotAuthorized
from scim.principal import Principal


class KnownToken(Protocol):
    """The stored data of a token."""

    @property
    def tenant(self) -> str: ...
    @property
    def token_id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def scopes(self) -> tuple[str, ...]: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def filters(self) -> str | None: ...
    def is_valid(self, now: str) -> bool:
        """Return whether the token is valid at that time."""
        ...


T = TypeVar("T", bound=KnownToken)


class Tokens(Protocol[T]):
    """The stored tokens."""

    def find(self, token_hash: str) -> T | None:
        """Return the token with that SHA-256 (hex), or None."""
        ...

    def note_use(self, token_hash: str, token: T, now: str) -> None:
        """Record the use of the token; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class StoredTokens(Generic[T]):
    """Finds the principals of the deployment's own tokens."""

    tokens: Tokens[T]
    now: Callable[[], str]

    def principal_of(self, credential: Credential) -> Principal | None:
        """Return the principal of the credential, None if it is no token of this deployment.

        With Basic, the user name must be the token's id. Raises NotAuthorized for a token that is
        known and not valid.
        """
        token_hash = hash_of(credential.token)
        token = self.tokens.find(token_hash)
        now = self.now()
        if token is None:
            return None
        if not token.is_valid(now):
            raise NotAuthorized(
                "it has expired, is revoked, or is not valid yet", token.tenant, token.token_id
            )
        if credential.scheme == "basic" and credential.user != token.token_id:
            reason = "the user name of Basic is not the token's id"
            raise NotAuthorized(reason, token.tenant, token.token_id)
        self.tokens.note_use(token_hash, token, now)
        return Principal(
            tenant=token.tenant,
            token_id=token.token_id,
            scopes=frozenset(token.scopes),
            subject=token.subject,
            filters=token.filters or "",
            owner=token.owner,
        )
