"""Serves every path that no other function serves: other spellings of known paths, else a SCIM 404."""

from scim.bootstrap.api import tenant_handler
from scim.bootstrap.jobs import opened_jobs
from scim.http.routes.every import every_route

handler = tenant_handler(
    lambda own, deployment: every_route(
        deployment,
        opened_jobs(own.settings, own.store.deadline),
        own.settings.me,
        own.store.definitions,
        own.changes,
        own.trail,
        own.store.requests if own.settings.request_log else None,
    )
)
