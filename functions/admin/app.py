"""Administers tenants and what opens their directories, for requests that AWS's signatures vouch for."""

from scim.bootstrap.administration import admin_handler

handler = admin_handler()
