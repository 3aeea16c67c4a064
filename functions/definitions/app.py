"""Serves /Definitions, what a tenant defines for itself; no other function may write that."""

from scim.bootstrap.api import plain_handler
from scim.http.routes.definitions import definition_routes
from scim.service.definitions import DefinitionService
from scim.service.system import SystemClock

# The same for tenants of every profile, and without their own: what is broken is repaired here.
handler = plain_handler(
    lambda own: definition_routes(
        DefinitionService(
            own.store.definitions,
            own.store.directory,
            SystemClock(),
            own.settings.definition_limits(),
        )
    )
)
