"""Wires the functions that AWS invokes without a client: jobs, sweep, change log, watch, table check, empty bucket."""

from urllib.request import Request, urlopen

import boto3

from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.bootstrap.feed import stored_feed
from scim.bootstrap.garbage_collection import collect_seldom
from scim.bootstrap.jobs import REPEATED, job_backend
from scim.bootstrap.store import open_stores
from scim.fsck.mending import confirmed_report
from scim.schema.loading import tenant_catalogues
from scim.service.jobs.context import JobContext
from scim.service.system import SystemClock
from scim.service.visibility.deployment import Deployment
from scim.settings import Settings
from scim.store.feed.images import entry_of
from scim.store.jobs.bucket import BucketObjects
from scim.workers import change_log, empty_bucket, job, sweep, table_check, watch


def job_handler() -> job.Handler:
    """Return the handler that performs the steps of long jobs for the state machine."""
    collect_seldom()
    settings = Settings.from_environment()
    may_lag, breaker = not settings.consistent_reads, settings.breaker()
    store = open_stores(settings.table_name, may_lag=may_lag, breaker=breaker)
    deployment = Deployment.of(store.directory, settings.bounds(), settings.max_body_bytes)
    backend = job_backend(settings)
    change_feed = stored_feed(client(), settings)
    context = JobContext(
        deployment,
        backend,
        concurrency=settings.max_job_concurrency,
        change_feed=change_feed,
        creations=store.directory,
    )
    return job.machine(context, tenant_catalogues(store.definitions.additions))


def sweep_handler() -> sweep.Sweeper:
    """Return the handler that finishes the work that deletes and large changes left."""
    settings = Settings.from_environment()
    return sweep.sweeper(open_stores(settings.table_name).directory, SystemClock().now)


def change_log_handler() -> change_log.Handler:
    """Return the handler that writes the change log from the table's stream."""
    feed = stored_feed(client(), Settings.from_environment())
    return change_log.recorder(entry_of, feed.log, feed.feeds.of)


def watch_handler() -> watch.Watcher:
    """Return the handler that reports tokens that expire soon and tenants that are silent."""
    settings = Settings.from_environment()
    credentials = credentials_on(table_of_credentials(client(), settings.table_name))
    return watch.watcher(
        lambda: (
            tenant
            for name in credentials.tenants.names()
            if (tenant := credentials.tenants.find(name))
        ),
        lambda tenant: credentials.tokens.of_tenant(tenant).values(),
        SystemClock().now,
        watch.Patience(settings.token_warning_days, settings.silent_days),
    )


def table_check_handler() -> table_check.TableChecker:
    """Return the handler that checks whether the items of the table agree with each other."""
    table = Settings.from_environment().table_name
    # A scan takes minutes: it is retried by botocore, not within the seconds of a request.
    return table_check.table_checker(
        lambda: confirmed_report(boto3.client("dynamodb", config=REPEATED), table)
    )


def empty_bucket_handler() -> empty_bucket.Emptier:
    """Return the handler that empties the bucket of jobs when the stack is deleted."""
    objects = BucketObjects(lambda: boto3.client("s3", config=REPEATED))
    return empty_bucket.bucket_emptier(objects, _put)


def _put(url: str, body: bytes) -> None:
    """Send the answer to the URL that CloudFormation has presigned for it."""
    # Without Content-Type, as in the signature.
    request = Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - an https URL
    urlopen(request, timeout=10).close()  # noqa: S310 - as above
