"""Routes of template.yaml: which function serves a path, and what is behind the second API."""

import pytest

from scim.auth.refusals import STAGE_VARIABLE
from tests.template.document import (
    API,
    FUNCTIONS,
    GATEWAY_RESPONSES,
    METHODS,
    RESOURCES,
    ROUTES,
    routes,
)


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("/scim/v2/Users", "UsersFunction"),
        ("/scim/v2/Users/.search", "UsersFunction"),
        ("/scim/v2/Users/{id}", "UsersFunction"),
        ("/scim/v2/Groups", "GroupsFunction"),
        ("/scim/v2/Groups/.search", "GroupsFunction"),
        ("/scim/v2/Groups/{id}", "GroupsFunction"),
        ("/scim/v2/GroupMembers", "GroupMembersFunction"),
        ("/scim/v2/GroupMembers/.search", "GroupMembersFunction"),
        ("/scim/v2/GroupMembers/{id}", "GroupMembersFunction"),
        ("/scim/v2/ServiceProviderConfig", "DiscoveryFunction"),
        ("/scim/v2/ResourceTypes", "DiscoveryFunction"),
        ("/scim/v2/ResourceTypes/{id}", "DiscoveryFunction"),
        ("/scim/v2/openapi.json", "DiscoveryFunction"),
        ("/scim/v2/Schemas", "DiscoveryFunction"),
        ("/scim/v2/Schemas/{id}", "DiscoveryFunction"),
        ("/scim/v2", "SearchFunction"),
        ("/scim/v2/.search", "SearchFunction"),
        ("/scim/v2/Me", "MeFunction"),
        ("/scim/v2/Bulk", "BulkFunction"),
        ("/scim/v2/Definitions", "DefinitionsFunction"),
        ("/scim/v2/Definitions/{id}", "DefinitionsFunction"),
        ("/scim/v2/Jobs", "BulkFunction"),
        ("/scim/v2/Jobs/{id}", "BulkFunction"),
        ("/scim/v2/Jobs/{id}/Result", "BulkFunction"),
        ("/scim/v2/Jobs/{id}/Start", "BulkFunction"),
        ("/", "CatchAllFunction"),
        ("/{proxy+}", "CatchAllFunction"),
    ],
)
def test_a_path_takes_every_method_to_one_function(path: str, function: str) -> None:
    assert {method: ROUTES.get((method, path)) for method in METHODS} == dict.fromkeys(
        METHODS, function
    )


def test_every_route_is_listed_once() -> None:
    assert len(list(routes())) == len(ROUTES)


def test_every_open_get_route_has_an_open_head_route() -> None:
    opened = {(method, path) for _, method, path, properties in routes() if "Auth" in properties}
    gets = {path for method, path in opened if method == "GET"}
    assert {path for method, path in opened if method == "HEAD"} == gets


def test_no_route_says_any_because_emulators_drop_it() -> None:
    assert {method for method, _ in ROUTES} == METHODS


def test_every_route_is_behind_the_default_authorizer() -> None:
    assert API["Auth"]["DefaultAuthorizer"] in API["Auth"]["Authorizers"]
    opened = {path for _, _, path, properties in routes() if "Auth" in properties}
    # Who asks for a token has none yet, and what is published there is for everybody.
    assert opened == {
        "/health",
        "/openapi.json",
        "/oauth2/token",
        "/oauth2/jwks",
        "/scim/jwks",
        "/.well-known/oauth-authorization-server",
        # Pages are for everybody; what they ask for has sessions of its own.
        "/setup",
        "/setup/{proxy+}",
        "/console",
        "/console/{proxy+}",
    }


def test_the_second_api_is_only_there_for_challenges_and_asks_about_everybody() -> None:
    api = RESOURCES["UmaApi"]
    (authorizer,) = api["Properties"]["Auth"]["Authorizers"].values()
    assert api["Condition"] == RESOURCES["UmaFunction"]["Condition"] == "Challenges"
    assert api["Properties"]["Variables"] == {STAGE_VARIABLE: "1"}
    assert authorizer["Identity"] == {"ReauthorizeEvery": 0}
    denied = api["Properties"]["GatewayResponses"]["ACCESS_DENIED"]
    headers = denied["ResponseParameters"]["Headers"]
    assert (denied["StatusCode"], headers["WWW-Authenticate"]) == (
        401,
        "context.authorizer.challenge",
    )
    events = FUNCTIONS["UmaFunction"]["Events"].values()
    assert {event["Properties"]["Path"] for event in events} == {"/", "/{proxy+}"}
    assert {event["Properties"]["Method"] for event in events} == METHODS


def test_the_second_api_has_the_code_and_the_rights_of_the_catch_all_function() -> None:
    uma, catch_all = FUNCTIONS["UmaFunction"], FUNCTIONS["CatchAllFunction"]
    own = {"LoggingConfig", "Events"}
    assert {name: uma[name] for name in uma.keys() - own} == {
        name: catch_all[name] for name in catch_all.keys() - own
    }


@pytest.mark.parametrize("kind", sorted(RESOURCES["UmaApi"]["Properties"]["GatewayResponses"]))
def test_the_second_api_refuses_as_the_first_does(kind: str) -> None:
    if kind != "ACCESS_DENIED":
        own = RESOURCES["UmaApi"]["Properties"]["GatewayResponses"][kind]
        assert own == GATEWAY_RESPONSES[kind]
