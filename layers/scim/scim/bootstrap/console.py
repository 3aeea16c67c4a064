"""Wires the pages: the setup portal of tenants, and the operator's console."""

from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.bootstrap.store import opened
from scim.http.console.app import PagesFunction, granted_by, permissions_of
from scim.http.console.sessions import ConsoleSessions
from scim.http.console.setup.review import Review
from scim.http.console.setup.routes import SetupPortal
from scim.http.console.setup.tokens import PortalTokens
from scim.schema.loading import tenant_catalogues
from scim.service.system import SystemClock
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings
from scim.store.access.onboarding import Onboardings
from scim.store.access.setup_links import SetupLinks


def setup_handler() -> PagesFunction:
    """Return the handler of the setup portal: its pages, and what they ask for."""
    settings, now = Settings.from_environment(), SystemClock().now
    table = table_of_credentials(client(), settings.table_name)
    known, permissions = credentials_on(table), permissions_of("setup")
    store = opened(
        settings.table_name,
        may_lag=True,
        requests=(settings.request_log, settings.request_log_seconds),
    )
    deployment = Deployment.of(store.directory, settings.bounds(), settings.max_body_bytes)
    portal = SetupPortal(
        PortalTokens(known.tokens, known.tenants),
        Onboardings(table),
        store.requests,
        Review(deployment, tenant_catalogues(store.definitions.additions), known.tenants.find),
        now,
    )
    sessions = ConsoleSessions(
        "setup",
        is_operators=False,
        permissions=granted_by(permissions),
        links=SetupLinks(table),
        tenants=known.tenants,
        now=now,
    )
    return PagesFunction("/setup", settings.base_url, sessions, permissions, portal.routes())
