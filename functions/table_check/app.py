"""Reads the whole table once a week and reports where its items disagree."""

from scim.bootstrap.workers import table_check_handler

handler = table_check_handler()
