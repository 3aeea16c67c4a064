"""Tells of every change: the log's entries as events on the deployment's bus."""

from scim.bootstrap.delivery import publish_handler

handler = publish_handler()
