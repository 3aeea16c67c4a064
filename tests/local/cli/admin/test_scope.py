"""A scope is in our words, or in those of the tenant's profile."""

import pytest

from tests.local.cli.conftest import Operator

CREATE = "/permission/admin/manage/identity/usermgt/create"


@pytest.mark.parametrize("scope", [CREATE, "/permission/admin", "users:view"])
@pytest.mark.parametrize("kind", ["token", "client"])
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
def test_words_of_nobody_are_refused(operator: Operator, profile: str, scope: str) -> None:
    operator.run("tenant", "create", "acme", "--profile", profile)
    assert f"{scope} is no scope" in operator.refusal(
        "token", "create", "--tenant", "acme", "--scope", scope
    )
