"""The API of one tenant: its profile, and the routes that serve it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from scim.errors import InvalidFilter, MethodNotAllowed, UnsupportedMediaType
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.permission import Permissions
from scim.profile import Profile
from scim.profile.parts import Routing
from scim.schema.catalogue import Catalogue
from scim.schema.loading import TenantCatalogueOf, tenant_catalogues
from scim.service.visibility.deployment import Deployment

TENANT_APIS = 64
"""The number of APIs that a function keeps; tenants without definitions of their own share theirs."""


@dataclass(frozen=True, eq=False)
class TenantApi:
    """A profile and the routes below the mount; a rule has parameters as `<name>`.

    `catalogue` is what the routes serve, None if they serve no resources.
    """

    profile: Profile
    routes: Mapping[str, Route]
    catalogue: Catalogue | None = None


class TenantKey(NamedTuple):
    """Identifies an API; `definitions` is the version of the tenant's own definitions, empty for none."""

    tenant: str
    profile: str
    definitions: str = ""

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "TenantKey":
        """Return the key from the authorizer's context.

        Without a tenant, the key has the profile only if the path is at the place that the
        authorizer opened to callers without a token.
        """
        authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
        if not authorizer.get("tenant"):
            proxy = str((event.get("pathParameters") or {}).get("proxy") or "")
            open_path = authorizer.get("nobodyAt")
            is_open = bool(open_path) and f"{proxy}/".startswith(f"{open_path}/")
            return cls("", str(authorizer.get("profile") or "") if is_open else "")
        profile, definitions = authorizer.get("profile"), authorizer.get("definitions")
        return cls(str(authorizer["tenant"]), str(profile or ""), str(definitions or ""))


TenantApis = Callable[[TenantKey], TenantApi]
Build = Callable[[Profile, Catalogue], Mapping[str, Route]]
"""Returns the routes of a profile that serves a catalogue."""


def plain_api(routes: Mapping[str, Route]) -> TenantApis:
    """Return the same API for every tenant."""
    api = TenantApi(Profile(), routes)
    return lambda _: api


def tenant_apis_of(
    deployment: Deployment,
    routes_of: Callable[[Deployment], Mapping[str, Route]],
    tenant_catalogue: TenantCatalogueOf | None = None,
) -> TenantApis:
    """Return the APIs of all tenants of a deployment, as `tenant_apis` does."""
    return tenant_apis(
        lambda profile, catalogue: routes_of(deployment.for_profile(profile, catalogue)),
        tenant_catalogue,
    )


def tenant_apis(build: Build, tenant_catalogue: TenantCatalogueOf | None = None) -> TenantApis:
    """Return the APIs of all tenants; each is built on its first request.

    Building one raises UnknownProfile or DefinitionError.
    """
    profile_and_catalogue = tenant_catalogue or tenant_catalogues()

    @lru_cache(maxsize=TENANT_APIS)
    def built(key: TenantKey) -> TenantApi:
        profile, catalogue = profile_and_catalogue(*key)
        return TenantApi(profile, routes_served(profile, build(profile, catalogue)), catalogue)

    @lru_cache(maxsize=TENANT_APIS)
    def built_for_profile(profile: str) -> TenantApi:
        return built(TenantKey("", profile))

    def api(key: TenantKey) -> TenantApi:
        return built(key) if key.definitions else built_for_profile(key.profile)

    return api


def routes_served(profile: Profile, routes: Mapping[str, Route]) -> dict[str, Route]:
    """Return the routes, limited to the paths and methods that the profile serves."""
    routing = profile.routing
    served_routes: dict[str, Route] = {}
    for rule, route in routes.items():
        endpoint = f"/{rule.removeprefix('/').partition('/')[0]}"
        if rule in routing.without or endpoint in routing.without:
            continue
        methods = routing.methods_of(endpoint)
        limited_route = (
            route if methods is None else _with_methods(route, _methods_served(rule, methods))
        )
        served_routes[rule] = _with_form_rules(limited_route, routing)
    return served_routes


def _with_form_rules(route: Route, routing: Routing) -> Route:
    """Return the route, which refuses requests that break the profile's rules for their form.

    Raises UnsupportedMediaType for another Content-Type, and InvalidFilter for a filter in the URL
    of a method other than GET.
    """
    if not routing.media_types and not routing.filters_in_get_only:
        return route

    def call(request: Request, **parameters: str) -> Reply:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.body and routing.media_types and media_type not in routing.media_types:
            raise UnsupportedMediaType(f"Content-Type must be {' or '.join(routing.media_types)}.")
        if routing.filters_in_get_only and "filter" in request.query and request.method != "GET":
            raise InvalidFilter(f"A filter in the URL is for GET, not for {request.method}.")
        return route(request, **parameters)

    return call


def _methods_served(rule: str, methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return the methods that the route has, so that `Allow` names no other (POST to an item)."""
    methods_defined = Permissions.shipped().needed(rule)
    return tuple(method for method in methods if method in methods_defined)


def _with_methods(route: Route, methods: tuple[str, ...]) -> Route:
    def call(request: Request, **parameters: str) -> Reply:
        if request.method not in methods:
            raise MethodNotAllowed(f"{request.method} is not served here.", methods)
        return route(request, **parameters)

    return call
