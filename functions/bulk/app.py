"""Serves /Bulk, many operations in one request, and /Jobs, for work that takes longer."""

from scim.bootstrap.api import tenant_handler
from scim.bootstrap.jobs import opened_jobs
from scim.http.routes.jobs import job_routes

handler = tenant_handler(
    lambda own, deployment: job_routes(deployment, opened_jobs(own.settings, own.store.deadline))
)
