"""Reads the whole table once a week and tells where it disagrees with itself."""

from scim.bootstrap.workers import table_check_handler

handler = table_check_handler()
