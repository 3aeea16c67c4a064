"""Wires the functions behind the gateway: it makes a handler from settings and a builder of routes."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from scim.bootstrap.background import BackgroundTasks
from scim.bootstrap.garbage_collection import collect_seldom
from scim.bootstrap.snapshot import OF_REQUESTS, loads_ahead
from scim.bootstrap.store import OpenStores, open_stores
from scim.http.access import AccessCheck
from scim.http.app import Handler, application
from scim.http.log_lines import RequestLines
from scim.http.message.request import Route
from scim.http.refusal_log import RefusalLog
from scim.http.request_log import AnsweredLog, RequestLog
from scim.http.tenant_api import plain_api, tenant_apis_of
from scim.http.tolerance import ToleranceReport
from scim.schema.loading import tenant_catalogues
from scim.service.metrics import BY_OPERATION, BY_TENANT
from scim.service.ports import Directory
from scim.service.visibility.deployment import Deployment
from scim.service.visibility.remembered_names import RememberedNames
from scim.settings import Settings, trace
from scim.store.access.audit_records import StoredActs, StoredRefusals
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table

if TYPE_CHECKING:
    from scim.bootstrap.feed import StoredFeed
    from scim.service.audit import AuditTrail

Routes = Mapping[str, Route]


@dataclass(frozen=True, slots=True)
class Function:
    """The settings of one function, and the table it has opened."""

    settings: Settings
    store: OpenStores

    @classmethod
    def of_environment(cls) -> "Function":
        """Return the function as its environment configures it."""
        collect_seldom()
        settings = Settings.from_environment()
        store = open_stores(
            settings.table_name,
            may_lag=not settings.consistent_reads,
            breaker=settings.breaker(),
            key_seconds=settings.idempotency_seconds,
            requests=(settings.request_log, settings.request_log_seconds),
            meters=settings.meters,
        )
        return cls(settings, store)

    @property
    def change_feed(self) -> "StoredFeed":
        """The change log, and the tenants' feed settings."""
        from scim.bootstrap.feed import stored_feed  # noqa: PLC0415 - few requests are about it

        retry = Retry(deadline=self.store.deadline)
        return stored_feed(self.store.client, self.settings, self.store.directory.meter, retry)

    @property
    def directory(self) -> Directory:
        """The directory as requests see it: it caches names if reads may lag and `name_seconds` is set."""
        seconds = self.settings.name_seconds
        if self.settings.consistent_reads or not seconds:
            return self.store.directory
        return RememberedNames(self.store.directory, seconds, time.monotonic)

    @property
    def access_check(self) -> AccessCheck:
        """The check that a request has to pass before a route serves it."""
        return AccessCheck(self.store.rates, self.settings.tenant_rate)

    @property
    def logs(self) -> Sequence[AnsweredLog]:
        """The logs that are told of answered requests: refusals, and the last requests if they are kept."""
        requests, run_later = self.store.requests, BackgroundTasks().do
        refusals = RefusalLog(self._refusals, run_later, time.time)
        return (RequestLog(requests, run_later), refusals) if requests.most else (refusals,)

    @property
    def lines(self) -> RequestLines:
        """The writer of a log line for each request."""
        settings = self.settings
        return RequestLines(settings.service, settings.log_level, trace, self.measured_by)

    @property
    def trail(self) -> "AuditTrail":
        """The records from which tenants' audits are read."""
        from scim.service.audit import AuditTrail  # noqa: PLC0415 - for one function

        acts = StoredActs(self._aside, self.settings.audit_days)
        return AuditTrail(self.change_feed.log, self._refusals, acts)

    @property
    def _refusals(self) -> StoredRefusals:
        return StoredRefusals(self._aside, self.settings.audit_days)

    @property
    def _aside(self) -> Table:
        """The table for reads and writes that no request waits for."""
        return Table(self.store.client, self.settings.table_name, Meter(), Retry(times=2))

    @property
    def measured_by(self) -> Sequence[Sequence[str]]:
        """The dimensions of the request metrics, none if requests are not counted."""
        return {"off": (), "operations": BY_OPERATION, "tenants": BY_TENANT}[self.settings.metrics]


def tenant_handler(routes_of: Callable[[Function, Deployment], Routes]) -> Handler:
    """Return a handler that serves each tenant by its profile and its own definitions."""
    function = Function.of_environment()
    loads_ahead(OF_REQUESTS)
    settings, store = function.settings, function.store
    deployment_without_keys = Deployment.of(
        function.directory, settings.bounds(), settings.max_body_bytes
    )
    deployment = replace(deployment_without_keys, keys=store.keys)
    apis = tenant_apis_of(
        deployment, partial(routes_of, function), tenant_catalogues(store.definitions.additions)
    )
    report = ToleranceReport(
        store.tolerances, settings.shows_tolerated, function.measured_by, settings.service
    )
    return application(
        settings.base_url,
        apis,
        settings.metered(store.cost),
        function.access_check,
        report,
        store.deadline.begin,
        function.logs,
        function.lines,
    )


def plain_handler(routes_of: Callable[[Function], Routes]) -> Handler:
    """Return a handler whose routes are the same for tenants of every profile."""
    function = Function.of_environment()
    settings, store = function.settings, function.store
    return application(
        settings.base_url,
        plain_api(routes_of(function)),
        settings.metered(store.cost),
        function.access_check,
        on_start=store.deadline.begin,
        request_lines=function.lines,
    )
