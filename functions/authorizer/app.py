"""Lets a request through when its token is known and valid."""

from scim.bootstrap.authorizer import authorizer_handler

handler = authorizer_handler()
