"""Compares the change log with what is stored once a day, and logs what the stream has lost."""

from scim.bootstrap.delivery import reconcile_handler

handler = reconcile_handler()
