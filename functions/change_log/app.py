"""Writes the change log: each version of a resource once, from the table's stream."""

from scim.bootstrap.workers import change_log_handler

handler = change_log_handler()
