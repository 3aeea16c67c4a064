"""A tenant's profile from the command line."""

from tests.local.cli.conftest import Operator


def test_a_tenant_is_given_a_profile(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.run("profile", "set", "okta", "--tenant", "acme")
    shown = operator.json("profile", "show", "--tenant", "acme")
    assert shown == {"tenant": "acme", "profile": "okta"}
