"""Reports once a day which tokens expire soon, and which tenants have fallen silent."""

from scim.bootstrap.workers import watch_handler

handler = watch_handler()
