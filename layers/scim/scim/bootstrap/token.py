"""Wires the token endpoint: it issues short-lived tokens for a client's secret or assertion."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from scim.auth.http_client import Outbound
from scim.auth.jwks import KeySets
from scim.auth.oauth.client import ClientAuthentication
from scim.auth.oauth.endpoint import token_endpoint
from scim.auth.oauth.token import MintedTokens
from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.settings import Settings
from scim.store.access.signing_key import KmsSigner


def token_handler() -> Callable[[Mapping[str, Any], Any], dict[str, object]]:
    """Return the handler that issues tokens to clients; requests to it need no token."""
    settings = Settings.from_environment()
    stored_clients = credentials_on(table_of_credentials(client(), settings.table_name)).clients
    minted = MintedTokens(settings.base_url, KmsSigner(settings.signing_key), stored_clients.find)
    outbound = Outbound(settings.loopback_issuers, settings.issuer_seconds)
    published = KeySets(outbound.read)
    clients = ClientAuthentication(stored_clients, minted.audiences, published, time.time)
    return token_endpoint(minted, clients, time.time, settings.token_seconds)
