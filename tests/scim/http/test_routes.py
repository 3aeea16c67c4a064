"""The routes, and where each leads."""

from scim.http.routes.definitions import definition_routes
from scim.http.routes.discovery import discovery_routes
from scim.http.routes.resources import resource_routes, search_routes
from scim.schema.loading import shipped_catalogue
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds
from tests.fakes.client import deployment_of, request, usual_feed
from tests.fakes.definition_store import definition_service
from tests.fakes.endpoint import FakeDeployment, type_of

DEPLOYMENT = deployment_of(FakeDeployment())
DISCOVERY = Discovery(shipped_catalogue(), Bounds())


def test_a_resource_type_has_a_collection_a_search_and_items() -> None:
    assert list(resource_routes(DEPLOYMENT, [type_of("User")])) == [
        "/Users",
        "/Users/.search",
        "/Users/<id_>",
    ]


def test_a_function_serves_just_the_types_it_is_given() -> None:
    assert resource_routes(DEPLOYMENT, []) == {}
    assert list(resource_routes(DEPLOYMENT, [type_of("Group"), type_of("User")]))[::3] == [
        "/Groups",
        "/Users",
    ]


def test_discovery_has_its_three_endpoints() -> None:
    assert list(discovery_routes(DISCOVERY, usual_feed)) == [
        "/ServiceProviderConfig",
        "/Schemas",
        "/Schemas/<uri>",
        "/ResourceTypes",
        "/ResourceTypes/<name>",
    ]


def test_everything_is_searched_at_the_root() -> None:
    assert list(search_routes(DEPLOYMENT)) == ["/", "/.search"]


def test_definitions_have_two_paths_wherever_they_are_served() -> None:
    assert list(definition_routes(definition_service())) == [
        "/Definitions",
        "/Definitions/<version>",
    ]


def test_the_parameters_of_a_route_are_those_its_handler_takes() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    types = resource_routes(deployment_of(deployment), [type_of("User")])
    routes = {**types, **discovery_routes(DISCOVERY, usual_feed)}
    assert routes["/Users"](request("GET")).status == 200
    assert routes["/Users/<id_>"](request("DELETE"), id_=anna).status == 204
    assert routes["/Schemas/<uri>"](request("GET"), uri=type_of("User").schema.id).status == 200
    assert routes["/ResourceTypes/<name>"](request("GET"), name="User").status == 200
