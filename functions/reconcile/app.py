"""Compares the change log with the table once a day, and logs the changes that the stream lost."""

from scim.bootstrap.delivery import reconcile_handler

handler = reconcile_handler()
