"""A deployment binds every request to the tenant the authorizer named."""

from dataclasses import replace

import pytest

from scim.service.visibility.directory import FilteredDirectory
from tests.fakes.client import deployment_of, request
from tests.fakes.endpoint import BASE, FakeDeployment, type_of


@pytest.mark.parametrize("tenant", ["acme", "other"])
def test_an_endpoint_is_the_callers(tenant: str) -> None:
    deployment = FakeDeployment()
    principal = request("GET", tenant=tenant).principal
    endpoint = deployment_of(deployment).endpoint(principal, BASE, type_of("User"))
    assert endpoint.tenant == tenant
    assert endpoint.resource_type is type_of("User")
    assert endpoint.base_url == BASE
    assert endpoint.directory is deployment.directory
    assert (endpoint.clock, endpoint.ids) == (deployment.clock, deployment.ids)
    assert (endpoint.profile, endpoint.bounds) == (deployment.profile, deployment.bounds)


def test_the_endpoints_of_one_request_spend_from_one_budget() -> None:
    principal = replace(request("GET", tenant="acme").principal, filters='{"User": "title pr"}')
    types = [type_of("User"), type_of("Group")]
    user, group = deployment_of(FakeDeployment()).endpoints(principal, BASE, types)
    assert (user.resource_type, group.resource_type) == tuple(types)
    assert user.budget is group.budget
    for endpoint in (user, group):
        assert isinstance(endpoint.directory, FilteredDirectory)
