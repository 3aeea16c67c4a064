"""Wires the web pages: the setup portal of tenants, and the operator's console."""

from collections.abc import Callable
from dataclasses import replace

from scim.access.admission import admission_of
from scim.access.token import hash_of
from scim.auth.http_client import Outbound
from scim.auth.openid import OpenIdProvider
from scim.bootstrap.administration import administration_of
from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.bootstrap.store import open_stores
from scim.http.app import application
from scim.http.console.app import PagesFunction, granted_by, permissions_of
from scim.http.console.operator.routes import OperatorConsole
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import ConsoleSessions
from scim.http.console.setup.mapping import PortalMapping
from scim.http.console.setup.routes import SetupPortal
from scim.http.console.setup.tokens import PortalTokens
from scim.http.console.sign_in import SignIn
from scim.http.console.trial import Trials
from scim.http.routes.resources import Routes, resource_routes, search_routes
from scim.http.tenant_api import tenant_apis_of
from scim.permission import Permissions
from scim.schema.loading import tenant_catalogues
from scim.service.system import SystemClock
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings
from scim.store.access.audit_records import StoredActs
from scim.store.access.onboarding import Onboardings
from scim.store.access.secrets import Secrets
from scim.store.access.setup_links import SetupLinks
from scim.store.access.tenants import Tenants
from scim.store.dynamodb.table import Table


def setup_handler() -> PagesFunction:
    """Return the handler of the setup portal: its pages and the requests they make."""
    settings = Settings.from_environment()
    table = table_of_credentials(client(), settings.table_name)
    credentials, permissions = credentials_on(table), permissions_of("setup")
    request_log_size = (settings.request_log, settings.request_log_seconds)
    requests = open_stores(settings.table_name, may_lag=True, requests=request_log_size).requests
    resources = _resources(settings, credentials.tenants)
    portal = SetupPortal(
        PortalTokens(credentials.tokens, credentials.tenants),
        Onboardings(table),
        requests,
        resources,
        _trials(settings, credentials.tenants),
        PortalMapping(administration_of(settings), resources),
        StoredActs(table, settings.audit_days),
        SystemClock(),
    )
    sessions = _sessions("setup", settings, permissions, table)
    return PagesFunction(
        "/setup",
        settings.base_url,
        sessions,
        permissions,
        portal.routes(),
        frame_ancestors=settings.frame_ancestors,
    )


def console_handler() -> PagesFunction:
    """Return the handler of the operator's console: its pages and the requests they make."""
    settings, permissions = Settings.from_environment(), permissions_of("console")
    table = table_of_credentials(client(), settings.table_name)
    tenants = credentials_on(table).tenants
    console = OperatorConsole(
        administration_of(settings),
        _resources(settings, tenants),
        _trials(settings, tenants),
    )
    sessions = _sessions("console", settings, permissions, table)
    sign_in = _sign_in(settings, sessions)
    console_sessions = sign_in.sessions if sign_in else sessions
    return PagesFunction(
        "/console", settings.base_url, console_sessions, permissions, console.routes(), sign_in
    )


def _sign_in(settings: Settings, sessions: ConsoleSessions) -> SignIn | None:
    """Return the sign-in by the operator's identity provider, None where none is configured.

    A session that began on other terms (issuer, client or admission) is no longer valid.
    """
    issuer, client_id = settings.console_issuer, settings.console_client_id
    if not issuer or not client_id:
        return None
    provider = OpenIdProvider(
        issuer,
        client_id,
        settings.console_scope,
        admission_of(settings.console_admits),
        Outbound(settings.loopback_issuers, settings.console_issuer_seconds),
        _secret(settings),
    )
    terms = hash_of(f"{issuer} {client_id} {settings.console_admits}")
    return SignIn(provider, replace(sessions, terms=terms, seconds=settings.console_seconds))


def _secret(settings: Settings) -> Callable[[], str]:
    name, secrets = settings.console_secret_name, Secrets(settings.secret_prefix)
    return lambda: secrets.secret(name) if name else ""


def _sessions(
    kind: str, settings: Settings, permissions: Permissions, table: Table
) -> ConsoleSessions:
    return ConsoleSessions(
        kind,
        is_operators=kind == "console",
        permissions=granted_by(permissions),
        links=SetupLinks(table),
        tenants=credentials_on(table).tenants,
        clock=SystemClock(),
        acts=StoredActs(table, settings.audit_days),
    )


def _resources(settings: Settings, tenants: Tenants) -> TenantResources:
    store = open_stores(settings.table_name, may_lag=True)
    deployment = Deployment.of(store.directory, settings.bounds(), settings.max_body_bytes)
    return TenantResources(deployment, tenant_catalogues(store.definitions.additions), tenants.find)


def _trials(settings: Settings, tenants: Tenants) -> Trials:
    """Return the sender of trial requests to the API in this process; its routes can all dry-run writes."""
    store = open_stores(settings.table_name, meters=True)
    deployment = Deployment.of(store.directory, settings.bounds(), settings.max_body_bytes)

    def routes_of(served: Deployment) -> Routes:
        resources = resource_routes(served, served.catalogue.resource_types)
        return {**search_routes(served), **resources}

    apis = tenant_apis_of(deployment, routes_of, tenant_catalogues(store.definitions.additions))
    return Trials(
        application(settings.base_url, apis, store.cost, on_start=store.deadline.begin),
        tenants.find,
    )
