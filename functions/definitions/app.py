"""Serves /Definitions, the tenant's own schemas and types; the other functions of the API may not write them."""

from scim.bootstrap.api import plain_handler
from scim.http.routes.definitions import definition_routes
from scim.service.definitions import DefinitionService
from scim.service.system import SystemClock

# The routes are the same for every profile and use no tenant's definitions: broken ones are repaired here.
handler = plain_handler(
    lambda function: definition_routes(
        DefinitionService(
            function.store.definitions,
            function.store.directory,
            SystemClock(),
            function.settings.definition_limits(),
        )
    )
)
