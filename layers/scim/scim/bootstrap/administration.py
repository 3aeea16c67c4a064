"""Wires administration: for programs that name a table, and behind routes for requests with an AWS signature."""

import time
from dataclasses import replace

from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on
from scim.bootstrap.feed import usual_feed
from scim.http.administration import Handler, administration_handler
from scim.resource.history.feed import Feed
from scim.service.administration.openapi import administration_openapi
from scim.service.administration.ports import Administration, Thresholds
from scim.service.audit import AuditTrail
from scim.service.system import SystemClock
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings
from scim.store.access.audit_records import StoredActs, StoredRefusals
from scim.store.access.definitions import MappingDrafts, StoredDefinitions
from scim.store.access.request_log import RequestLogs
from scim.store.access.setup_links import SetupLinks
from scim.store.access.tolerances import ToleranceCounts
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Deadline, Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.feeds import Feeds
from scim.store.guards.breaker import Breaker
from scim.store.jobs.items import DynamoJobs
from scim.store.jobs.results import DynamoResults


def administration_on(
    table_client: TableClient,
    settings: Settings,
    retry: Retry | None = None,
) -> Administration:
    """Return the administration of a deployment on its table, `settings.table_name`."""
    table = Table(table_client, settings.table_name, Meter(), retry or Retry())
    credentials = credentials_on(table)
    directory = DynamoDirectory(table_client, settings.table_name, retry=retry)
    acts = StoredActs(table, settings.audit_days)
    request_log_size = settings.request_log, settings.request_log_seconds
    return Administration(
        tenants=credentials.tenants,
        tokens=credentials.tokens,
        clients=credentials.clients,
        issuers=credentials.issuers,
        definitions=StoredDefinitions(table),
        stored_types=directory,
        jobs=DynamoJobs(table),
        breaker=Breaker(table, settings.breaker()),
        tolerances=ToleranceCounts(table),
        requests=RequestLogs(table, *request_log_size, directory.sealing_key, time.time),
        acts=acts,
        trail=AuditTrail(
            ChangeLog(table, SystemClock().now), StoredRefusals(table, settings.audit_days), acts
        ),
        links=SetupLinks(table),
        feeds=Feeds(table, Feed()),
        results=DynamoResults(table),
        mapping_drafts=MappingDrafts(table),
        deployment=Deployment.of(directory, settings.bounds(), settings.max_body_bytes),
        allows_loopback=settings.loopback_issuers,
        clock=SystemClock(),
        limits=settings.definition_limits(),
        thresholds=Thresholds(
            silent_hours=24 * settings.silent_days, ending_days=settings.token_warning_days
        ),
    )


def administration_of(settings: Settings, retry: Retry | None = None) -> Administration:
    """Return the administration of a function's own deployment, of which it knows all settings."""
    administration = administration_on(client(), settings, retry)
    return replace(
        administration,
        usual_feed=usual_feed(settings),
        usual_breaker=settings.breaker(),
        usual_rate=settings.tenant_rate,
    )


def admin_handler() -> Handler:
    """Return the handler that administers its own deployment."""
    settings, deadline = Settings.from_environment(), Deadline()
    administration = administration_of(settings, Retry(deadline=deadline))
    return administration_handler(
        administration, administration_openapi, settings.max_body_bytes, deadline.begin
    )
