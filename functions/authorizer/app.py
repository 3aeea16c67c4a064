"""Allows requests whose token is known and valid."""

from scim.bootstrap.authorizer import authorizer_handler

handler = authorizer_handler()
