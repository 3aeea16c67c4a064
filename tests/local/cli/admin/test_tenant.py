"""Tenants from the command line."""

import pytest

from scim.bootstrap.credentials import table_of_credentials
from scim.errors import Unavailable
from scim.profile.shipped import names
from scim.schema.tenant_definitions import Definitions, DefinitionVersion, MappingDraft
from scim.store.access.definitions import MappingDrafts
from scim.store.access.onboarding import Onboarding, Onboardings
from scim.store.access.tokens import Tokens
from tests.local.cli.conftest import Operator


def test_a_tenant_is_made_with_the_usual_schemes(operator: Operator) -> None:
    made = operator.json("tenant", "create", "acme")
    assert {name: made[name] for name in ("name", "schemes", "rate", "suspended_at")} == {
        "name": "acme",
        "schemes": ["bearer", "bare"],
        "rate": None,
        "suspended_at": None,
    }


def test_a_tenant_is_made_as_told(operator: Operator) -> None:
    words = ("--profile", "okta", "--rate", "40", "--scheme", "token", "--scheme", "basic")
    operator.run("tenant", "create", "acme", *words)
    shown = operator.json("tenant", "show", "acme")
    assert (shown["profile"], shown["rate"], shown["schemes"]) == ("okta", 40, ["token", "basic"])


def test_an_unknown_profile_is_refused_with_the_known_names(operator: Operator) -> None:
    refusal = operator.refusal("tenant", "create", "acme", "--profile", "nobody")
    assert f"There is no profile nobody; there are {names()[0]}, " in refusal
    assert operator.json("tenant", "list") == []


def test_a_tenant_is_not_made_twice(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    assert "The tenant acme already exists." in operator.refusal("tenant", "create", "acme")


@pytest.mark.parametrize("name", ["", "a b", "a#b", "ä", "x" * 65, "scim", "../etc", "~"])
def test_a_name_that_cannot_be_in_a_path_or_a_key_is_refused(operator: Operator, name: str) -> None:
    assert "A tenant's name has 1 to 64" in operator.refusal("tenant", "create", name)


def test_all_tenants_are_listed(operator: Operator) -> None:
    assert operator.json("tenant", "list") == []
    for name in ("b", "a"):
        operator.run("tenant", "create", name)
    assert [each["name"] for each in operator.json("tenant", "list")] == ["a", "b"]
    assert "bearer bare" in operator.run("tenant", "list").stdout


def test_schemes_are_changed_and_the_rest_stays(operator: Operator) -> None:
    operator.run("tenant", "create", "acme", "--rate", "40")
    operator.run("tenant", "set", "acme", "--scheme", "basic")
    shown = operator.json("tenant", "show", "acme")
    assert (shown["schemes"], shown["rate"]) == (["basic"], 40)


def test_a_tenant_is_suspended_and_resumed(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    suspended_at = operator.json("tenant", "suspend", "acme")["suspended_at"]
    assert suspended_at
    assert operator.json("tenant", "suspend", "acme")["suspended_at"] == suspended_at
    assert operator.json("tenant", "resume", "acme")["suspended_at"] is None


def test_a_deleted_tenant_takes_its_tokens_and_issuers_along(operator: Operator) -> None:
    operator.run("token", "create", "--tenant", "acme", "--create")
    operator.access.issuers.save("acme", "https://i.example", {"issuer": "https://i.example"})
    operator.access.definitions.put(
        "acme", DefinitionVersion(1, Definitions({"host": "h"}), "2026"), 10
    )
    operator.run("tenant", "delete", "acme", "--yes")
    assert operator.json("tenant", "list") == []
    left = operator.client.scan(TableName=operator.table)["Items"]
    assert {item["pk"]["S"] for item in left} == {"AUDIT#acme"}


def test_a_new_tenant_of_a_deleted_ones_name_has_no_links_receiver_or_setup(
    operator: Operator,
) -> None:
    operator.run("tenant", "create", "acme")
    operator.run("feed", "push", "https://events.example.com", "--tenant", "acme")
    operator.run("portal", "link", "acme", "--base-url", "https://scim.example.com")
    setups = Onboardings(table_of_credentials(operator.client, operator.table))
    setups.save("acme", Onboarding("okta", "it@acme.example"), "2026")
    assert [each["opens"] for each in _links(operator)] == [True]
    operator.run("tenant", "delete", "acme", "--yes")
    operator.run("tenant", "create", "acme")
    assert operator.json("feed", "show", "--tenant", "acme")["push_url"] is None
    assert [each["opens"] for each in _links(operator)] == [False]
    assert setups.find("acme") == Onboarding()


def test_a_later_tenant_has_nothing_that_the_portal_stored_after_the_deletion(
    operator: Operator,
) -> None:
    table = table_of_credentials(operator.client, operator.table)
    setups, drafts = Onboardings(table), MappingDrafts(table)
    setups.save("acme", Onboarding("okta", "it@acme.example"), "2026")
    drafts.save("acme", MappingDraft({"groups": []}, "2026", "link"))
    operator.run("tenant", "create", "acme")
    assert (setups.find("acme"), drafts.find("acme")) == (Onboarding(), None)


def _links(operator: Operator) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = operator.json("portal", "list", "acme")
    return listed


def test_a_deletion_that_failed_opens_nothing_and_is_repeated(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.run("token", "create", "--tenant", "acme", "--create")
    with monkeypatch.context() as failing:
        failing.setattr(Tokens, "remove", _fails)
        assert "try again" in operator.refusal("tenant", "delete", "acme", "--yes")
    assert operator.json("tenant", "show", "acme")["suspended_at"]
    operator.run("tenant", "delete", "acme", "--yes")
    operator.run("tenant", "create", "acme")
    assert operator.json("token", "list", "--tenant", "acme") == []


def _fails(*_: object) -> None:
    raise Unavailable("The store does not respond; try again.")


@pytest.mark.parametrize(
    "words",
    [
        ("tenant", "show", "acme"),
        ("tenant", "set", "acme", "--scheme", "basic"),
        ("tenant", "suspend", "acme"),
        ("tenant", "resume", "acme"),
        ("tenant", "delete", "acme", "--yes"),
        ("token", "list", "--tenant", "acme"),
        ("token", "rotate", "t1", "--tenant", "acme"),
        ("token", "revoke", "t1", "--tenant", "acme"),
        ("issuer", "list", "--tenant", "acme"),
        ("issuer", "remove", "https://i.example", "--tenant", "acme"),
        ("limit", "show", "--tenant", "acme"),
        ("limit", "set", "--tenant", "acme", "--rate", "5"),
        ("profile", "show", "--tenant", "acme"),
        ("profile", "set", "okta", "--tenant", "acme"),
    ],
    ids=" ".join,
)
@pytest.mark.sampled(3)
def test_a_command_about_an_unknown_tenant_says_so(
    operator: Operator, words: tuple[str, ...]
) -> None:
    assert "There is no tenant acme." in operator.refusal(*words)
    assert operator.client.scan(TableName=operator.table)["Items"] == []


def test_a_limit_is_set_and_taken_back(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    assert operator.json("limit", "show", "--tenant", "acme") == {"tenant": "acme", "rate": None}
    operator.run("limit", "set", "--tenant", "acme", "--rate", "40")
    assert operator.json("limit", "show", "--tenant", "acme") == {"tenant": "acme", "rate": 40}
    operator.run("limit", "set", "--tenant", "acme", "--rate", "0")
    assert operator.json("limit", "show", "--tenant", "acme") == {"tenant": "acme", "rate": None}


def test_a_limit_is_a_number_of_requests(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    assert "--rate" in operator.refusal("limit", "set", "--tenant", "acme", "--rate", "-1")


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
