"""The path of a request as the routes know it."""

import pytest
from pydantic import TypeAdapter

from scim.http.message.path import PathRules, RoutedPath, routed_path
from scim.profile.parts import Routing

RULES = ("/Users", "/Users/.search", "/Users/<id_>", "/ResourceTypes", "/ResourceTypes/<name>", "/")


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/scim/v2/Users", "/Users"),
        ("/acme/scim/v2/Users/1", "/Users/1"),
        ("/scim/v2", "/"),
        ("/scim/v2/", "/"),
        ("/scim/v2x/Users", "/scim/v2x/Users"),
        ("/elsewhere", "/elsewhere"),
        ("", "/"),
    ],
)
def test_routes_are_found_below_the_mount(path: str, below: str) -> None:
    assert routed_path({"path": path}, Routing(), ()).api_path == below


@pytest.mark.parametrize(
    ("routing", "path", "tenant", "below"),
    [
        ({}, "/scim/v2/users", None, "/users"),
        ({"any_case": True}, "/scim/v2/users", None, "/Users"),
        ({"lower_case": True}, "/scim/v2/users", None, "/Users"),
        ({"lower_case": True}, "/acme/scim/v2/users/aB", "acme", "/Users/aB"),
        ({"lower_case": True}, "/scim/v2/uSers", None, "/uSers"),
        ({"lower_case": True}, "/scim/v2/users/.SEARCH", None, "/Users/.SEARCH"),
        ({"lower_case": True}, "/scim/v2/robots", None, "/robots"),
        ({"any_case": True}, "/scim/v2/USERS/aB", None, "/Users/aB"),
        ({"any_case": True}, "/scim/v2/users/.SEARCH", None, "/Users/.search"),
        ({"any_case": True}, "/scim/v2/robots", None, "/robots"),
        (
            {"aliases": {"/ResourceType": "/ResourceTypes"}},
            "/scim/v2/ResourceType",
            None,
            "/ResourceTypes",
        ),
        (
            {"aliases": {"/ResourceType": "/ResourceTypes"}},
            "/scim/v2/ResourceType/User",
            None,
            "/ResourceTypes/User",
        ),
        (
            {"aliases": {"/ResourceType": "/ResourceTypes"}},
            "/scim/v2/ResourceTypes/User",
            None,
            "/ResourceTypes/User",
        ),
        ({"mounts": ("/v2",)}, "/v2/Users", None, "/Users"),
        ({"mounts": ("/v2",)}, "/acme/v2/Users/1", "acme", "/Users/1"),
        ({"mounts": ("/v2",)}, "/acme/scim/v2/Users/1", "acme", "/Users/1"),
        ({"mounts": ("/v2",)}, "/acme/V2/Users/1", None, "/acme/V2/Users/1"),
        ({"mounts": ("/v2",), "any_case": True}, "/V2/USERS", None, "/Users"),
        ({"mounts": ("/v2",), "any_case": True}, "/acme/SCIM/V2/USERS/1", "acme", "/Users/1"),
        ({}, "/scim/v2//Users//1", None, "/Users/1"),
        ({}, "/acme/scim/v2//Users", "acme", "/Users"),
        ({"tenant_after_mount": True}, "/scim/v2/acme/Users", "acme", "/Users"),
        ({"tenant_after_mount": True}, "/scim/v2/Users/1", None, "/Users/1"),
        ({"tenant_after_mount": True}, "/scim/v2/Schemas", None, "/Schemas"),
    ],
)
def test_a_profile_says_how_paths_are_read(
    routing: dict[str, object], path: str, tenant: str | None, below: str
) -> None:
    event = {"path": path, "pathParameters": {"proxy": path.removeprefix("/")}}
    assert routed_path(event, TypeAdapter(Routing).validate_python(routing), RULES) == RoutedPath(
        tenant, below
    )


@pytest.mark.parametrize(
    ("path", "direction"),
    [
        ("/t/acme/scim2/Users/1", RoutedPath("acme", "/Users/1")),
        ("/acme/scim2/Users/1", RoutedPath("acme", "/Users/1")),
        ("/scim2", RoutedPath(None, "/")),
        ("/acme/scim2/Users/Search", RoutedPath("acme", "/Users/.search", "@1")),
        ("/acme/scim2/Users/Search/", RoutedPath("acme", "/Users/.search/", "@1")),
        ("/acme/scim2/Users/.search", RoutedPath("acme", "/Users/.search")),
    ],
)
def test_a_mount_may_hold_the_tenant_and_a_path_be_deprecated(
    path: str, direction: RoutedPath
) -> None:
    routing = Routing(
        mounts=("/scim2", "/t/{tenant}/scim2"),
        aliases={"/Users/Search": "/Users/.search"},
        deprecated={"/Users/Search": "@1"},
    )
    assert routed_path({"path": path}, routing, RULES) == direction


FOUND = PathRules(["/", "/Users", "/Users/<id_>", "/Users/.search", "/Schemas/<uri>"])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", ("/", {})),
        ("//", ("/", {})),
        ("/Users", ("/Users", {})),
        ("/Users//", ("/Users", {})),
        ("/Users/.search", ("/Users/.search", {})),
        ("/Users/1", ("/Users/<id_>", {"id_": "1"})),
        ("/Users/a%2Fb/", ("/Users/<id_>", {"id_": "a%2Fb"})),
        ("/Schemas/urn:a:b", ("/Schemas/<uri>", {"uri": "urn:a:b"})),
        ("/Users/1/2", None),
        ("/users", None),
        ("/Users//1", None),
        ('/Users/"', None),
        ("/Robots", None),
    ],
)
def test_a_path_follows_the_rule_that_says_most(
    path: str, found: tuple[str, dict[str, str]] | None
) -> None:
    assert FOUND.match(path) == found
