"""Serves queries over all resource types: GET at the root and POST /.search."""

from scim.bootstrap.api import tenant_handler
from scim.http.routes.resources import search_routes

handler = tenant_handler(lambda _, deployment: search_routes(deployment))
