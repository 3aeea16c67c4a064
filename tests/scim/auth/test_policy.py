"""The policy is the same for every request of a token, and lets through what the table grants."""

import json
from fnmatch import fnmatch

import pytest

from scim.auth.policy import policy_of
from scim.permission import Permissions
from scim.principal import Principal

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod"
ARNS = [f"{STAGE}/GET/scim/v2/Users", f"{STAGE}/DELETE/scim/v2/Groups/1", f"{STAGE}/POST/"]
SEGMENTS = ("Groups", "Users")


def _resources(*scopes: str, segments: tuple[str, ...] = SEGMENTS) -> list[str]:
    principal = Principal("acme", "tok1", frozenset(scopes), profile="rfc")
    answer = policy_of(principal, ARNS[0], Permissions.shipped(), segments)
    document = json.loads(json.dumps(answer["policyDocument"]))
    (statement,) = document["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    return [each.removeprefix(f"{STAGE}/") for each in statement["Resource"]]


def _discovery(mount: str) -> set[str]:
    one, several = ("ServiceProviderConfig", "openapi.json"), ("Schemas", "ResourceTypes")
    return (
        {f"GET{mount}/{name}{end}" for name in one for end in ("", "/")}
        | {f"GET{mount}/{name}{end}" for name in several for end in ("", "/*")}
        | {f"HEAD{mount}{end}" for end in ("", "/*")}
    )


def test_the_policy_does_not_depend_on_the_request() -> None:
    principal = Principal("acme", "tok1", frozenset({"users:view"}))
    table = Permissions.shipped()
    first, *others = (policy_of(principal, arn, table, SEGMENTS) for arn in ARNS)
    assert others == [first, first]


def test_a_token_for_everything_is_let_through_everywhere_in_the_stage() -> None:
    assert _resources("*") == ["*/*"]


def test_a_token_without_scopes_may_discover() -> None:
    assert set(_resources()) == _discovery("/scim/v2") | _discovery("/acme/scim/v2")


@pytest.mark.parametrize(
    ("scope", "patterns"),
    [
        ("users:view", {"GET{}/Users/*"}),
        (
            "users:list",
            {
                f"{each}{end}"
                for each in (
                    "GET{}/Users",
                    "POST{}/Users/.search",
                    "GET{}/Users/.deltaToken",
                    "POST{}/Users/.delta",
                )
                for end in ("", "/")
            },
        ),
        ("users:update", {"PUT{}/Users/*", "PATCH{}/Users/*"}),
        ("me:view", {"GET{}/Me", "GET{}/Me/"}),
        ("*:delete", {"DELETE{}/Users/*", "DELETE{}/Groups/*", "DELETE{}/Me", "DELETE{}/Me/"}),
        (
            "search",
            {
                f"{method}{{}}{path}"
                for method in ("GET", "POST")
                for path in ("", "/", "/.search", "/.search/")
            }
            | {
                f"{each}{end}"
                for each in ("GET{}/.deltaToken", "POST{}/.delta")
                for end in ("", "/")
            },
        ),
    ],
)
def test_a_scope_opens_its_methods_and_paths_for_its_own_tenant(
    scope: str, patterns: set[str]
) -> None:
    mounts = ("/scim/v2", "/acme/scim/v2")
    opened = {each.format(mount) for each in patterns for mount in mounts}
    assert set(_resources(scope)) == opened.union(*map(_discovery, mounts))


def test_a_policy_too_long_to_list_leaves_it_to_the_functions() -> None:
    segments = tuple(f"Type{number}s" for number in range(20))
    scopes = [f"{each.lower()}:view" for each in segments] + [
        f"{each.lower()}:update" for each in segments
    ]
    assert _resources(*scopes, segments=segments) == [
        "*/scim/v2",
        "*/scim/v2/*",
        "*/acme/scim/v2",
        "*/acme/scim/v2/*",
    ]


def test_the_context_carries_what_the_functions_need_as_text() -> None:
    principal = Principal("acme", "tok1", frozenset({"users:view", "users:list"}), "id:7")
    answer = policy_of(principal, ARNS[0], Permissions.shipped(), SEGMENTS)
    assert answer["principalId"] == "tok1"
    assert answer["context"] == {
        "tenant": "acme",
        "tokenId": "tok1",
        "scopes": "users:list users:view",
        "subject": "id:7",
        "profile": "",
        "rate": "",
        "filters": "",
        "schemes": "",
        "definitions": "",
        "owner": "",
    }


def test_filters_and_schemes_travel_as_they_are() -> None:
    filters = '{"User":"title eq \\"é\\""}'
    principal = Principal("acme", "tok1", filters=filters, schemes=("bearer", "basic"))
    context = policy_of(principal, ARNS[0], Permissions.shipped(), SEGMENTS)["context"]
    assert isinstance(context, dict)
    assert (context["filters"], context["schemes"]) == (filters, "bearer basic")


def test_a_profiles_own_paths_are_opened_too() -> None:
    principal = Principal("acme", "tok1", frozenset({"users:view"}), profile="nevisidm")
    answer = policy_of(principal, ARNS[0], Permissions.shipped(), SEGMENTS)
    text = json.dumps(answer["policyDocument"])
    for path in (
        "/scim/v2/acme/Users/1",
        "/acme/scim/v2/Users/1",
        "/nevisidm/api/scim/v1/acme/Users/1",
        "/nevisidm/api/scim/v1/Schemas",
    ):
        patterns = json.loads(text)["Statement"][0]["Resource"]
        assert any(fnmatch(f"{STAGE}/GET{path}", each) for each in patterns), path
    assert "other" not in text


def test_a_profile_that_is_gone_opens_the_usual_paths() -> None:
    principal = Principal("acme", "tok1", frozenset({"users:view"}), profile="gone")
    usual = Principal("acme", "tok1", frozenset({"users:view"}))
    table = Permissions.shipped()
    found, expected = (policy_of(each, ARNS[0], table, SEGMENTS) for each in (principal, usual))
    assert found["policyDocument"] == expected["policyDocument"]


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        ("wso2", "GET/t/acme/scim2/ResourceType"),
        ("wso2", "PATCH/acme/scim2/Users/1"),
        ("wso2", "GET/scim2"),
        ("gluu", "POST/acme/identity/seam/resource/restv1/scim/v2/Users/Search"),
        ("gluu", "GET/scim/v2/Users"),
    ],
)
def test_a_profile_with_free_paths_leaves_permissions_to_the_functions(
    profile: str, path: str
) -> None:
    principal = Principal("acme", "tok1", frozenset({"users:view"}), profile=profile)
    answers = [policy_of(principal, arn, Permissions.shipped(), SEGMENTS) for arn in ARNS]
    assert answers[1:] == answers[:-1]
    patterns = json.loads(json.dumps(answers[0]["policyDocument"]))["Statement"][0]["Resource"]
    assert any(fnmatch(f"{STAGE}/{path}", each) for each in patterns)
    assert not any(fnmatch(f"{STAGE}/GET/elsewhere/Users", each) for each in patterns)
    assert not any("{" in each for each in patterns)


def test_an_endpoint_in_lower_case_needs_no_pattern_of_its_own() -> None:
    principal = Principal("acme", "tok1", frozenset({"users:view"}), profile="default")
    answer = policy_of(principal, ARNS[0], Permissions.shipped(), SEGMENTS)
    (statement,) = json.loads(json.dumps(answer["policyDocument"]))["Statement"]
    patterns = statement["Resource"]
    assert f"{STAGE}/GET/scim/v2/?sers/*" in patterns
    assert f"{STAGE}/GET/scim/v2/?ervice?rovider?onfig" in patterns
    assert not any("DELETE" in each or "/?roups" in each for each in patterns)
