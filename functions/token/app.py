"""Gives clients short-lived tokens for their secret or assertion; needs no token itself."""

from scim.bootstrap.token import token_handler

handler = token_handler()
