"""Pushes events to tenants' receivers, one for each message of the queue."""

from scim.bootstrap.delivery import push_handler

handler = push_handler()
