"""Wires the discovery of a deployment and its tenants' APIs, part of which is public."""

from collections.abc import Callable
from functools import partial

from scim.bootstrap.api import Function, Routes, tenant_handler
from scim.bootstrap.feed import event_key
from scim.compact import json_text
from scim.http.app import Handler, application
from scim.http.public import HEALTH_PATH, OPENAPI_PATH, health, with_public
from scim.http.tenant_api import tenant_apis
from scim.mount import MOUNT
from scim.permission import Permissions
from scim.profile import Profile
from scim.profile.shipped import profile_or_default
from scim.schema.catalogue import Catalogue
from scim.schema.loading import catalogue_of, tenant_catalogues
from scim.service.feed.signing import KEYS_PATH, jwks
from scim.service.openapi.document import openapi
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings


def discovery_handler(
    routes_of: Callable[[Function, Profile, Catalogue], Routes],
) -> Handler:
    """Return the handler of tenants' discovery resources, and of the public paths /health and /openapi.json.

    From the table it reads only definitions and the settings of feeds.
    """
    function = Function.of_environment()
    catalogues = tenant_catalogues(function.store.definitions.additions)
    handler = application(
        function.settings.base_url,
        tenant_apis(partial(routes_of, function), catalogues),
        on_start=function.store.deadline.begin,
        request_lines=function.lines,
    )
    return with_public(handler, {HEALTH_PATH: health, OPENAPI_PATH: partial(_openapi, function)})


def _openapi(function: Function) -> str:
    """Return the OpenAPI document of a tenant with the default profile, as JSON text."""
    profile = profile_or_default("")
    catalogue = catalogue_of(profile)
    server = function.settings.base_url and f"{function.settings.base_url}{MOUNT}"
    permissions, bounds = Permissions.shipped(), function.settings.bounds()
    return json_text(openapi(profile, catalogue, permissions, bounds, function.settings.me, server))


def events_handler(routes_of: Callable[[Function, Deployment], Routes]) -> Handler:
    """Return the handler of events, polled with a token, and of the public key that verifies them."""
    key = event_key(Settings.from_environment())
    return with_public(tenant_handler(routes_of), {KEYS_PATH: lambda: jwks(key)})
