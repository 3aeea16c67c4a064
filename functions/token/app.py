"""Gives clients short-lived tokens for their secret or assertion; needs no token itself."""

import time

from scim.auth.http_client import Outbound
from scim.auth.oauth.client import ClientAuthentication
from scim.auth.oauth.endpoint import token_endpoint
from scim.auth.oauth.token import MintedTokens
from scim.bootstrap.store import access_in, client
from scim.settings import Settings
from scim.store.access.signing_key import KmsSigner

settings = Settings.from_environment()
known = access_in(client(), settings.table_name).clients
minted = MintedTokens(settings.base_url, KmsSigner(settings.signing_key), known.find)
clients = ClientAuthentication(
    known, minted.audiences, Outbound(settings.loopback_issuers), time.time
)
handler = token_endpoint(minted, clients, time.time, settings.token_seconds)
