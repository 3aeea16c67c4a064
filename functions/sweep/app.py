"""Finishes the work that deletes and large changes left: when the stream reports it, and once a minute."""

from scim.bootstrap.workers import sweep_handler

handler = sweep_handler()
