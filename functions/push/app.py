"""Pushes events to the receivers of tenants, one message of the queue each."""

from scim.bootstrap.delivery import push_handler

handler = push_handler()
