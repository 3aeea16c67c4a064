"""Serves /Me, the caller's own resource."""

from functools import partial

from scim.bootstrap.store import opened
from scim.http.access import AccessCheck
from scim.http.app import application
from scim.http.routes import me_routes
from scim.http.tenant_api import tenant_apis_of
from scim.http.tolerance import ToleranceReport
from scim.schema.loading import tenant_catalogues
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings

settings = Settings.from_environment()
store = opened(settings.table_name)
deployment = Deployment.of(store.directory, settings.bounds(), settings.max_body_bytes)
served = tenant_apis_of(
    deployment, partial(me_routes, mode=settings.me), tenant_catalogues(store.definitions.additions)
)
access_check = AccessCheck(store.rates, settings.tenant_rate)
tolerance_report = ToleranceReport(store.tolerances, settings.shows_tolerated)
handler = application(
    settings.base_url,
    served,
    settings.metered(store.cost),
    access_check,
    tolerance_report,
    store.begin,
)
