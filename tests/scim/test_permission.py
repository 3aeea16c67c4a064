"""One table says what a request needs, and a scope grants a permission by name or by pattern."""

import pytest

from scim.permission import (
    SCOPE,
    Grant,
    Permissions,
    UndeclaredRoute,
    is_scope,
    is_within,
    scopes_meant,
    shared_scopes,
    supported_scopes,
)

TABLE = Permissions.shipped()

# The vendor's table (WSO2 Identity Server), as it stands in its document, in our words.
WSO2 = [
    ("POST", "/Users", "users:create"),
    ("GET", "/Users", "users:list"),
    ("GET", "/Users/<id_>", "users:view"),
    ("PUT", "/Users/<id_>", "users:update"),
    ("PATCH", "/Users/<id_>", "users:update"),
    ("DELETE", "/Users/<id_>", "users:delete"),
    ("POST", "/Groups", "groups:create"),
    ("GET", "/Groups", "groups:list"),
    ("GET", "/Groups/<id_>", "groups:view"),
    ("PUT", "/Groups/<id_>", "groups:update"),
    ("PATCH", "/Groups/<id_>", "groups:update"),
    ("DELETE", "/Groups/<id_>", "groups:delete"),
    ("GET", "/Me", "me:view"),
    ("DELETE", "/Me", "me:delete"),
    ("PUT", "/Me", "me:update"),
    ("PATCH", "/Me", "me:update"),
    ("POST", "/Me", "me:create"),
    ("GET", "/ServiceProviderConfig", "discovery"),
    ("GET", "/ResourceTypes", "discovery"),
    ("POST", "/Bulk", "bulk"),
]


@pytest.mark.parametrize(("method", "rule", "permission"), WSO2)
def test_each_method_of_a_path_needs_its_permission(
    method: str, rule: str, permission: str
) -> None:
    assert TABLE.needed(rule)[method] == permission


def test_the_table_names_only_methods_that_are_served() -> None:
    methods = {method for row in TABLE.rows.values() for method in row}
    assert methods == {"GET", "POST", "PUT", "PATCH", "DELETE"}


def test_a_new_type_has_its_own_permissions() -> None:
    assert TABLE.needed("/OrganizationUsers/<id_>") == {
        "GET": "organizationusers:view",
        "PUT": "organizationusers:update",
        "PATCH": "organizationusers:update",
        "DELETE": "organizationusers:delete",
    }


@pytest.mark.parametrize("rule", ["/Users/<id_>/more", "/Users/.other", "/<anything>", "/a/b/c"])
def test_a_path_that_is_not_in_the_table_cannot_be_served(rule: str) -> None:
    with pytest.raises(UndeclaredRoute, match=r"permissions\.json has no row"):
        TABLE.needed(rule)


@pytest.mark.parametrize(
    ("scope", "permission", "granted"),
    [
        ("*", "users:delete", True),
        ("*", "bulk", True),
        ("users:*", "users:delete", True),
        ("users:*", "groups:view", False),
        ("users:*", "bulk", False),
        ("*:view", "groups:view", True),
        ("*:view", "groups:list", False),
        ("*:view", "search", False),
        ("users:view", "users:view", True),
        ("users:view", "users:list", False),
        ("users", "users:view", False),
        ("Users:view", "users:view", False),
        ("me:*", "me:create", True),
        ("search", "search", True),
        ("bulk", "search", False),
    ],
)
def test_a_scope_grants_what_it_names(scope: str, permission: str, granted: bool) -> None:
    assert TABLE.is_granted(frozenset({scope}), permission) is granted


def test_a_permission_as_a_scope_grants_itself_alone() -> None:
    permissions = {grant.permission for grant in TABLE.grants(["Users", "Groups"])}
    assert len(permissions) > 15
    for scope in permissions:
        held = {each for each in permissions if TABLE.is_granted(frozenset({scope}), each)}
        assert held == {scope, "discovery"}


def test_scopes_add_up() -> None:
    scopes = frozenset({"users:view", "groups:list"})
    held = [p for p in ("users:view", "groups:list", "groups:view") if TABLE.is_granted(scopes, p)]
    assert held == ["users:view", "groups:list"]


def test_without_a_scope_only_discovery_is_open() -> None:
    grants = {grant.permission for grant in TABLE.grants(["Users", "Groups"])}
    assert {each for each in grants if TABLE.is_granted(frozenset(), each)} == {"discovery"}


def test_the_table_is_written_out_for_each_type() -> None:
    written = list(TABLE.grants(["Users"]))
    assert Grant("PATCH", "/Users/{id}", "users:update") in written
    assert Grant("POST", "/Users/.search", "users:list") in written
    assert Grant("GET", "/Schemas/{id}", "discovery") in written
    assert not [grant for grant in written if "{type}" in grant.path + grant.permission]


@pytest.mark.parametrize(
    "scope", ["*", "users:view", "users:*", "*:view", "bulk", "*:*", "my-things.2:list"]
)
def test_a_scope_has_one_of_few_forms(scope: str) -> None:
    assert SCOPE.fullmatch(scope)


@pytest.mark.parametrize("scope", ["", "Users:view", "users:", ":view", "users:view:x", "us*", " "])
def test_a_text_of_another_form_is_no_scope(scope: str) -> None:
    assert SCOPE.fullmatch(scope) is None


def test_a_type_with_rows_of_its_own_has_no_general_ones() -> None:
    written = {each for each in TABLE.grants(["GroupMembers"]) if "GroupMembers" in each.path}
    assert {each.permission for each in written} == {"groups:view", "groups:update"}


NAMES = {
    "users:create": "/p/admin/user/create",
    "users:view": "/p/admin/user/view",
    "bulk": "/p/admin/user",
    "me:view": "/p/login",
}


@pytest.mark.parametrize(
    ("scopes", "meant"),
    [
        (set(), set()),
        ({"/p/admin/user/view"}, {"users:view"}),
        ({"/p/admin/user"}, {"users:create", "users:view", "bulk"}),
        ({"/p/admin/user/"}, {"users:create", "users:view", "bulk"}),
        ({"/p/admin/use"}, set()),
        ({"/p/admin/userX"}, set()),
        ({"/p/admin", "/p/login"}, {"users:create", "users:view", "bulk", "me:view"}),
        ({"/p"}, {"*"}),
        ({"/"}, {"*"}),
        ({"/p/admin/user/view/more"}, set()),
        ({"groups:*", "/p/login", "Unknown"}, {"groups:*", "me:view"}),
    ],
    ids=lambda names: str(sorted(names)),
)
def test_a_path_means_the_permissions_at_it_and_below(scopes: set[str], meant: set[str]) -> None:
    assert scopes_meant(scopes, NAMES) == meant


def test_a_scope_by_name_means_several() -> None:
    assert scopes_meant({"scim", "me:view"}, {}) == {
        "users:*",
        "groups:*",
        "bulk",
        "search",
        "me:view",
    }


@pytest.mark.parametrize(
    "text", ["*", "scim", "bulk", "explain", "devices:view", "*:list", "jobs:all"]
)
def test_a_scope_grants_something(text: str) -> None:
    assert is_scope(text, {})


@pytest.mark.parametrize("text", ["admin", "users", "users:read", "*:read", ""])
def test_a_text_that_grants_nothing_is_no_scope(text: str) -> None:
    assert not is_scope(text, {})


def test_all_scopes_can_be_listed() -> None:
    found = supported_scopes(("Users",))
    assert found[:2] == ["scim", "*"]
    assert {"users:view", "bulk", "search"} <= set(found)
    assert "discovery" not in found


def test_without_names_of_a_profile_a_path_means_nothing() -> None:
    assert scopes_meant({"/", "/p", "users:*"}, {}) == {"users:*"}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("users:*", True),
        ("/p/admin/user/view", True),
        ("/p/admin", True),
        ("/p/admin/user/view/more", False),
        ("/q", False),
        ("p/login", False),
    ],
)
def test_a_scope_is_ours_or_one_of_the_profiles(text: str, is_one: bool) -> None:
    assert is_scope(text, NAMES) is is_one
    assert is_scope(text, {}) is (text == "users:*")


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("*", "users:view", {"users:view"}),
        ("*", "*", {"*"}),
        ("users:*", "*:view", {"users:view"}),
        ("users:*", "users:create", {"users:create"}),
        ("users:*", "groups:*", set()),
        ("bulk", "bulk:*", {"bulk"}),
        ("bulk", "*:view", set()),
        ("*:view", "*:list", set()),
        ("*:*", "users:view", set()),
    ],
)
def test_two_scopes_share_what_both_grant(one: str, other: str, shared: set[str]) -> None:
    assert shared_scopes({one}, {other}) == shared_scopes({other}, {one}) == shared
    for _, _, permission in TABLE.grants(["Users", "Groups"]):
        is_both = TABLE.is_granted({one}, permission) and TABLE.is_granted({other}, permission)
        assert TABLE.is_granted(shared, permission) is is_both


@pytest.mark.parametrize(
    ("scopes", "wider", "is_so"),
    [
        ({"users:view"}, {"users:*"}, True),
        ({"users:view", "bulk"}, {"users:*"}, False),
        ({"*"}, {"users:*", "groups:*"}, False),
        (set(), {"bulk"}, True),
    ],
)
def test_scopes_are_within_those_that_grant_as_much(
    scopes: set[str], wider: set[str], is_so: bool
) -> None:
    assert is_within(scopes, wider) is is_so


def test_others_jobs_need_a_permission_of_their_own() -> None:
    assert TABLE.reaches_others({"jobs:all"}, "/Jobs")
    assert not TABLE.reaches_others({"bulk"}, "/Jobs")
    assert not TABLE.reaches_others({"*"}, "/Users")


@pytest.mark.parametrize(("method", "is_allowed"), [("GET", True), ("DELETE", False)])
def test_a_scope_allows_the_methods_of_a_path(method: str, is_allowed: bool) -> None:
    assert TABLE.allows(frozenset({"users:view"}), method, "/Users/<id_>") is is_allowed
