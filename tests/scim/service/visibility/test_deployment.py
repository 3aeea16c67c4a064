"""A deployment binds every request to the tenant the authorizer named."""

import pytest

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
