"""Looks once a day which tokens end soon, and which tenants have fallen silent."""

from scim.bootstrap.workers import watch_handler

handler = watch_handler()
