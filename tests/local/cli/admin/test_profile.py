"""A tenant's profile from the command line."""

from scim.profile.shipped import names
from scim.schema.tenant_definitions import Definitions, DefinitionVersion
from tests.local.cli.conftest import Operator


def test_a_tenant_is_given_a_profile(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.run("profile", "set", "okta", "--tenant", "acme")
    shown = operator.json("profile", "show", "--tenant", "acme")
    assert shown == {"tenant": "acme", "profile": "okta"}


def test_token_schemes_follow_the_profile_unless_they_were_chosen(operator: Operator) -> None:
    """Okta sends Bearer, and a tenant made for OwnIdP's clients accepts only Token."""
    operator.run("tenant", "create", "acme", "--profile", "ownidp")
    result = operator.run("profile", "set", "okta", "--tenant", "acme")
    assert "Clients may send tokens as bearer, bare, as is usual with this profile" in result.stderr
    assert operator.json("tenant", "show", "acme")["schemes"] == ["bearer", "bare"]
    assert operator.run("profile", "set", "entra+keepsDeleted", "--tenant", "acme").stderr == ""
    operator.run("tenant", "set", "acme", "--scheme", "basic")
    assert operator.run("profile", "set", "ownidp", "--tenant", "acme").stderr == ""
    assert operator.json("tenant", "show", "acme")["schemes"] == ["basic"]


def test_an_unknown_profile_is_refused_and_the_tenant_keeps_its_own(operator: Operator) -> None:
    operator.run("tenant", "create", "acme", "--profile", "okta")
    refusal = operator.refusal("profile", "set", "nobody", "--tenant", "acme")
    assert f"There is no profile nobody; there are {names()[0]}, " in refusal
    assert operator.json("profile", "show", "--tenant", "acme")["profile"] == "okta"


def test_all_profiles_are_listed_with_their_descriptions(operator: Operator) -> None:
    listed = {each["profile"]: each["description"] for each in operator.json("profile", "list")}
    assert sorted(listed) == names()
    assert "RFC" in listed["default"]
    assert all(listed.values())


def test_a_profile_whose_variables_a_tenants_types_need_is_not_taken_away(
    operator: Operator,
) -> None:
    operator.run("tenant", "create", "acme")
    robot = {"id": "urn:x:${nowhere}", "name": "Robot", "attributes": []}
    operator.access.definitions.put(
        "acme", DefinitionVersion(1, Definitions({}, (robot,)), "2026"), 10
    )
    refusal = operator.refusal("profile", "set", "okta", "--tenant", "acme")
    assert "nothing says what ${nowhere} stands for" in refusal
