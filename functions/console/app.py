"""Serves the operator's console: its pages, and what they ask for behind a session of their own."""

from scim.bootstrap.console import console_handler

handler = console_handler()
"""No authorizer is in front of it: who has no session is shown pages and nothing else."""
