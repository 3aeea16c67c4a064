"""The routes of a tenant's own definitions."""

from functools import partial

from scim.http.endpoints import definitions as define
from scim.http.endpoints.dry_run import refusing_dry_run
from scim.http.routes.resources import Routes
from scim.service.definitions import DefinitionService


def definition_routes(definition_service: DefinitionService) -> Routes:
    return {
        "/Definitions": refusing_dry_run(partial(define.collection, definition_service)),
        "/Definitions/<version>": partial(define.item, definition_service.definition_store),
    }
