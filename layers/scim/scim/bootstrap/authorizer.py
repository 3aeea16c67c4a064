"""Wires the authorizer, with every kind of credential that can identify a caller."""

from collections.abc import Callable, Mapping
from typing import Any

from scim.auth.authorizer import authorizer, with_query_token
from scim.auth.foreign_tokens import ChallengingTokens, ForeignTokens
from scim.auth.not_authorized import logged
from scim.auth.refusals import challenging, silencing
from scim.auth.stored_tokens import StoredTokens
from scim.bootstrap.connection import client
from scim.bootstrap.credentials import Credentials, credentials_on, table_of_credentials
from scim.bootstrap.snapshot import OF_CALLERS, loads_ahead
from scim.service.system import SystemClock
from scim.settings import Settings

Handler = Callable[[Mapping[str, Any], Any], dict[str, object]]


def authorizer_handler() -> Handler:
    """Return the handler that allows a request whose token is known and valid."""
    settings = Settings.from_environment()
    loads_ahead(OF_CALLERS)
    credentials = credentials_on(table_of_credentials(client(), settings.table_name))
    stored_tokens = StoredTokens(credentials.tokens, SystemClock().now)
    foreign_tokens = ForeignTokens(lambda: _external(settings, credentials))
    authorized = logged(
        authorizer(
            stored_tokens,
            foreign_tokens,
            credentials.tenants,
            settings.minimum_token_length,
            offers=settings.minting(("client",)) or (),
        )
    )
    handler = silencing(challenging(authorized, foreign_tokens.challenge), credentials.tenants)
    return with_query_token(handler, settings.query_token)


def _external(settings: Settings, credentials: Credentials) -> ChallengingTokens:
    """Return the verifier of other issuers' tokens and of tokens that this deployment signs."""
    from scim.auth.external_tokens import external_tokens  # noqa: PLC0415 - see foreign_tokens
    from scim.auth.http_client import Outbound  # noqa: PLC0415 - likewise
    from scim.auth.oauth.token import MintedTokens  # noqa: PLC0415 - likewise
    from scim.store.access.secrets import Secrets  # noqa: PLC0415 - likewise
    from scim.store.access.signing_key import KmsSigner  # noqa: PLC0415 - likewise

    outbound, signer = (
        Outbound(settings.loopback_issuers, settings.issuer_seconds),
        KmsSigner(settings.signing_key),
    )
    minted_tokens = settings.minting(
        MintedTokens(settings.base_url, signer, credentials.clients.find)
    )
    secrets = Secrets(settings.secret_prefix).secret
    return external_tokens(credentials.issuers, secrets, outbound, minted_tokens)
