"""Issues short-lived tokens to clients for their secret or assertion; requests need no token."""

from scim.bootstrap.token import token_handler

handler = token_handler()
