"""The path of a request as the routes know it."""

import pytest

from scim.http.message.path import RoutedPath, routed_path
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
    assert routed_path({"path": path}, Routing(), ()).below == below


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
        ({"tenant_after_mount": True}, "/scim/v2/acme/Users", "acme", "/Users"),
        ({"tenant_after_mount": True}, "/scim/v2/Users/1", None, "/Users/1"),
        ({"tenant_after_mount": True}, "/scim/v2/Schemas", None, "/Schemas"),
    ],
)
def test_a_profile_says_how_paths_are_read(
    routing: dict[str, object], path: str, tenant: str | None, below: str
) -> None:
    event = {"path": path, "pathParameters": {"proxy": path.removeprefix("/")}}
    assert routed_path(event, Routing.model_validate(routing), RULES) == RoutedPath(tenant, below)


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
