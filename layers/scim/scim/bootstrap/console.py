"""Wires the pages: the setup portal of tenants, and the operator's console."""

from scim.bootstrap.administration import administration_on
from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.bootstrap.store import opened
from scim.http.console.app import PagesFunction, granted_by, permissions_of
from scim.http.console.operator.routes import OperatorConsole
from scim.http.console.resources import TenantResources
from scim.http.console.sessions import ConsoleSessions
from scim.http.console.setup.routes import SetupPortal
from scim.http.console.setup.tokens import PortalTokens
from scim.permission import Permissions
from scim.schema.loading import tenant_catalogues
from scim.service.system import SystemClock
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings
from scim.store.access.onboarding import Onboardings
from scim.store.access.setup_links import SetupLinks
from scim.store.access.tenants import Tenants
from scim.store.dynamodb.table import Table


def setup_handler() -> PagesFunction:
    """Return the handler of the setup portal: its pages, and what they ask for."""
    settings, now = Settings.from_environment(), SystemClock().now
    table = table_of_credentials(client(), settings.table_name)
    known, permissions = credentials_on(table), permissions_of("setup")
    kept = (settings.request_log, settings.request_log_seconds)
    requests = opened(settings.table_name, may_lag=True, requests=kept).requests
    portal = SetupPortal(
        PortalTokens(known.tokens, known.tenants),
        Onboardings(table),
        requests,
        _resources(settings, known.tenants),
        now,
    )
    sessions = _sessions("setup", permissions, table, known.tenants)
    return PagesFunction("/setup", settings.base_url, sessions, permissions, portal.routes())


def console_handler() -> PagesFunction:
    """Return the handler of the operator's console: its pages, and what they ask for."""
    settings, permissions = Settings.from_environment(), permissions_of("console")
    table = table_of_credentials(client(), settings.table_name)
    tenants = credentials_on(table).tenants
    console = OperatorConsole(
        administration_on(client(), settings),
        _resources(settings, tenants),
        settings.silent_days,
        settings.token_warning_days,
    )
    sessions = _sessions("console", permissions, table, tenants)
    return PagesFunction("/console", settings.base_url, sessions, permissions, console.routes())


def _sessions(
    kind: str, permissions: Permissions, table: Table, tenants: Tenants
) -> ConsoleSessions:
    return ConsoleSessions(
        kind,
        is_operators=kind == "console",
        permissions=granted_by(permissions),
        links=SetupLinks(table),
        tenants=tenants,
        now=SystemClock().now,
    )


def _resources(settings: Settings, tenants: Tenants) -> TenantResources:
    store = opened(settings.table_name, may_lag=True)
    deployment = Deployment.of(store.directory, settings.bounds(), settings.max_body_bytes)
    return TenantResources(deployment, tenant_catalogues(store.definitions.additions), tenants.find)
