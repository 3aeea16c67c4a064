"""Serves every path that no other function serves: other spellings of known paths, else a SCIM 404."""

from scim.bootstrap.api import tenant_handler
from scim.bootstrap.jobs import job_backend
from scim.http.routes.every import every_route

handler = tenant_handler(
    lambda function, deployment: every_route(
        deployment,
        job_backend(function.settings, function.store.deadline),
        function.settings.me,
        function.store.definitions,
        function.change_feed,
        function.trail,
        function.store.requests if function.settings.request_log else None,
    )
)
