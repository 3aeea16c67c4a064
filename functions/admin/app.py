"""Administers tenants and their credentials, for requests with an AWS signature."""

from scim.bootstrap.administration import admin_handler

handler = admin_handler()
