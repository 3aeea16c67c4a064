"""Serves /Bulk, many operations in one request, and /Jobs, for work that takes longer."""

from scim.bootstrap.api import tenant_handler
from scim.bootstrap.jobs import job_backend
from scim.http.routes.jobs import job_routes

handler = tenant_handler(
    lambda function, deployment: job_routes(
        deployment, job_backend(function.settings, function.store.deadline)
    )
)
