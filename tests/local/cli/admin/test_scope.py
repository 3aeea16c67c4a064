"""A scope is one of this service or of the tenant's profile."""

import pytest

from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from tests.fakes.devices import DOCUMENT
from tests.local.cli.conftest import Operator

OWN = definitions_of(DOCUMENT)
CREATE = "/permission/admin/manage/identity/usermgt/create"


@pytest.mark.parametrize("scope", [CREATE, "/permission/admin", "users:view"])
@pytest.mark.parametrize("kind", ["token", "client"])
@pytest.mark.sampled(3)
def test_a_tenant_takes_its_profiles_words_and_ours(
    operator: Operator, kind: str, scope: str
) -> None:
    operator.run("tenant", "create", "acme", "--profile", "wso2")
    made = operator.json(kind, "create", "--tenant", "acme", "--scope", scope)
    assert made["scopes"] == [scope]


@pytest.mark.parametrize(
    ("profile", "scope"),
    [("rfc", CREATE), ("wso2", "/permission/other"), ("wso2", f"{CREATE}/more"), ("wso2", "Users")],
)
def test_unknown_scopes_are_refused(operator: Operator, profile: str, scope: str) -> None:
    operator.run("tenant", "create", "acme", "--profile", profile)
    assert f"{scope} is not a scope of acme" in operator.refusal(
        "token", "create", "--tenant", "acme", "--scope", scope
    )


@pytest.mark.parametrize(
    ("scope", "meant"),
    [
        ("users:veiw", "users:view"),
        ("user:view", "users:view"),
        ("Users:list", "users:list"),
        ("devices:view", None),
        ("users:fly", None),
        ("*:vieww", "*:view"),
        ("bulkk", "bulk"),
    ],
)
@pytest.mark.sampled(3)
def test_a_scope_that_grants_nothing_is_refused_and_the_nearest_offered(
    operator: Operator, scope: str, meant: str | None
) -> None:
    operator.run("tenant", "create", "acme")
    said = operator.refusal("token", "create", "--tenant", "acme", "--scope", scope)
    assert f"{scope} is not a scope of acme" in said
    if meant is not None:
        assert f"Did you mean {meant}?" in said


def test_a_type_of_the_tenants_own_has_scopes(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.access.definitions.put("acme", DefinitionVersion(1, OWN, "2026"), 10)
    made = operator.json("token", "create", "--tenant", "acme", "--scope", "devices:view")
    assert made["scopes"] == ["devices:view"]


@pytest.mark.parametrize(
    "scope", ["*", "bulk", "search", "users:*", "*:list", "jobs:all", "me:view", "discovery"]
)
@pytest.mark.sampled(4)
def test_every_permission_is_a_scope(operator: Operator, scope: str) -> None:
    operator.run("tenant", "create", "acme")
    assert operator.json("client", "create", "--tenant", "acme", "--scope", scope)
