"""A deployment binds every request to the tenant the authorizer named."""

from dataclasses import replace

import pytest

from scim.profile.shipped import shipped
from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.origin import Origin
from scim.resource.record import Key, Record
from scim.schema.loading import catalogue_of
from scim.service.endpoint import Bounds
from scim.service.visibility.deployment import Deployment, origin_of
from scim.service.visibility.directory import FilteredDirectory
from tests.contract.samples import content, deletion_of, user
from tests.fakes.client import deployment_of, request
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import BASE, FakeDeployment, type_of
from tests.fakes.joining import JoiningDirectory


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


def test_the_origin_of_a_change_is_all_that_is_known_of_the_caller() -> None:
    known = {"subject": "s-1", "address": "192.0.2.1", "request_id": "r-1"}
    principal = replace(request("GET", tenant="acme").principal, token_id="t-1", **known)
    assert origin_of(principal) == Origin("t-1", principal.owner, "s-1", "192.0.2.1", "r-1")


def test_every_change_says_who_asked_for_it() -> None:
    directory = FakeDirectory()
    principal = replace(request("GET", tenant="acme").principal, token_id="t-1")
    endpoint = deployment_of(FakeDeployment(directory)).endpoint(principal, BASE, type_of("User"))
    ann = user("ann")
    endpoint.writes.create("acme", ann)
    endpoint.writes.update("acme", content(_stored(directory, ann.key), {"userName": "anna"}))
    endpoint.writes.delete("acme", deletion_of(_stored(directory, ann.key)))
    assert [type(each) for each in directory.changes] == [Creation, Update, Deletion]
    assert {each.origin for each in directory.changes} == {origin_of(principal)}


def _stored(directory: FakeDirectory, key: Key) -> Record:
    return directory.read_latest("acme", [key])[key]


def test_the_profile_of_a_tenant_decides_about_types_and_pages() -> None:
    whole, profile = deployment_of(FakeDeployment()), shipped("rfc")
    catalogue = catalogue_of(profile)
    found = whole.for_profile(profile, catalogue)
    assert (found.profile, found.catalogue) == (profile, catalogue)
    assert found.bounds == whole.bounds.under(profile.paging)
    assert (found.directory, found.clock, found.ids) == (whole.directory, whole.clock, whole.ids)


def test_without_a_caller_everything_is_seen_as_usual_profiles_have_it() -> None:
    directory = FakeDeployment().directory
    endpoint = Deployment.of(directory, Bounds(), 9).unrestricted("acme", BASE, type_of("User"))
    assert (endpoint.tenant, endpoint.profile) == ("acme", shipped(""))
    assert endpoint.directory is endpoint.writes is directory


def test_creations_together_say_who_asked_for_them() -> None:
    directory = JoiningDirectory()
    principal = replace(request("GET", tenant="acme").principal, token_id="t-1")
    deployment = deployment_of(FakeDeployment(directory))
    creations = deployment.creations(principal)
    assert creations is not None
    assert creations.create_many("acme", [user("ann"), user("bob")]) == [None, None]
    assert {each.origin for each in directory.changes} == {origin_of(principal)}
    assert directory.together == [["ann", "bob"]]
    filtered = replace(principal, filters='{"User": "title pr"}')
    assert deployment.creations(filtered) is None
    assert deployment_of(FakeDeployment(FakeDirectory())).creations(principal) is None
