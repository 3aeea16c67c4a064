"""Lets a request through when its token is known and valid."""

from scim.auth.authorizer import authorizer
from scim.auth.external_tokens import foreign_tokens
from scim.auth.http_client import Outbound
from scim.auth.oauth.token import MintedTokens
from scim.auth.query_token import with_query_token
from scim.auth.refusals import challenging, silencing
from scim.auth.stored_tokens import StoredTokens
from scim.bootstrap.store import access_in, client
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.access.secrets import Secrets
from scim.store.access.signing_key import KmsSigner

settings = Settings.from_environment()
access = access_in(client(), settings.table_name)
own = StoredTokens(access.tokens, SystemClock().now)
outbound = Outbound(settings.loopback_issuers)
signer = KmsSigner(settings.signing_key)
minted = MintedTokens(settings.base_url, signer, access.clients.find)
secrets = Secrets(settings.secret_prefix).secret
foreign = foreign_tokens(access.issuers, secrets, outbound, settings.minting(minted))
known = authorizer(own, foreign, access.tenants, settings.minimum_token_length)
told = silencing(challenging(known, foreign.challenge), access.tenants)
handler = with_query_token(told, settings.query_token)
