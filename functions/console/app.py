"""Serves the operator's console: its pages, and the requests they make with a session of their own."""

from scim.bootstrap.console import console_handler

handler = console_handler()
"""There is no authorizer in front of it: without a session it serves only pages."""
