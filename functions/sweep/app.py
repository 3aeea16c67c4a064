"""Finishes the work that deletes and large changes left, once a minute."""

from scim.bootstrap.workers import sweep_handler

handler = sweep_handler()
