"""Lets a request through when its token is known and valid."""

from functools import partial

from scim.auth.authorizer import authorizer
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.opening import client
from scim.store.tokens import find

settings = Settings.from_environment()
tokens = partial(find, client(), settings.table_name)
handler = authorizer(tokens, SystemClock().now, settings.minimum_token_length)
