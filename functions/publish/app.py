"""Publishes every entry of the change log as an event on the deployment's event bus."""

from scim.bootstrap.delivery import publish_handler

handler = publish_handler()
