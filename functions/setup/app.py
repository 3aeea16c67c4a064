"""Serves the setup portal: its pages, and the requests they make with a session of their own."""

from scim.bootstrap.console import setup_handler

handler = setup_handler()
"""There is no authorizer in front of it: without a session it serves only pages."""
