"""Claims become scopes only by the issuer's own table."""

from typing import Any

import pytest

from scim.access.issuer import Issuer, issuer_of
from scim.auth.claims import principal_in
from scim.auth.jws import NotBelieved

DOCUMENT: dict[str, Any] = {
    "kind": "jwt",
    "issuer": "https://as.example.com",
    "jwksUri": "https://as.example.com/jwks",
    "audiences": ["https://scim.example.com"],
    "scoping": {"names": {"read": ["users:view", "groups:view"], "write": ["users:*"]}},
}


def issuer(**changed: Any) -> Issuer:
    return issuer_of(DOCUMENT | changed, "acme")


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({}, set()),
        ({"scope": "read"}, {"users:view", "groups:view"}),
        ({"scope": "read write"}, {"users:view", "groups:view", "users:*"}),
        ({"scp": ["write"]}, {"users:*"}),
        ({"roles": ["write", 7, None]}, {"users:*"}),
        ({"scope": "users:* *"}, set()),
        ({"scope": "READ"}, set()),
        ({"scope": "read\twrite"}, set()),
        ({"scope": {"read": True}}, set()),
        ({"permissions": ["write"]}, set()),
    ],
)
def test_a_claim_grants_the_scopes_of_the_table(claims: dict[str, Any], scopes: set[str]) -> None:
    assert principal_in(claims, issuer(), "t").scopes == scopes


def test_scopes_granted_to_every_token_need_no_claim() -> None:
    always = issuer(scoping={"always": ["users:view"]})
    assert principal_in({}, always, "t").scopes == {"users:view"}


@pytest.mark.parametrize(
    ("claims", "subject"),
    [
        ({"sub": "701984"}, "externalId:701984"),
        ({"sub": ""}, None),
        ({"sub": 7}, None),
        ({"sub": "x" * 513}, None),
        ({}, None),
    ],
)
def test_the_subject_is_an_attribute_of_the_bearers_resource(
    claims: dict[str, Any], subject: str | None
) -> None:
    assert principal_in(claims, issuer(), "t").subject == subject


def test_the_claim_and_attribute_of_the_subject_can_be_configured() -> None:
    named = issuer(subjectClaim="upn", subjectAttribute="userName")
    assert principal_in({"sub": "1", "upn": "bj"}, named, "t").subject == "userName:bj"


def test_the_filters_of_an_issuer_hold_for_every_bearer() -> None:
    limited = issuer(filters={"User": 'title eq "x"', "Group": "*"})
    found = principal_in({"filters": "{}"}, limited, "t")
    assert found.filters == '{"User":"title eq \\"x\\"","Group":"*"}'
    assert principal_in({"filters": "{}"}, issuer(), "t").filters == ""


@pytest.mark.parametrize("claims", [{}, {"tid": "2"}, {"tid": ["1"]}, {"tid": None}])
def test_a_required_claim_must_be_there_and_equal(claims: dict[str, Any]) -> None:
    with pytest.raises(NotBelieved):
        principal_in(claims, issuer(claims={"tid": "1"}), "t")


def test_two_tokens_of_one_client_have_two_names() -> None:
    one, other = (principal_in({}, issuer(), token).token_id for token in ("a", "b"))
    assert one != other


def test_the_owner_identifies_the_subject_without_revealing_it() -> None:
    anna, later, bob = (
        principal_in({"sub": sub}, issuer(), token).owner
        for sub, token in (("anna", "a"), ("anna", "b"), ("bob", "c"))
    )
    assert anna == later != bob
    assert "anna" not in anna
    one, other = (principal_in({}, issuer(), token).owner for token in ("a", "b"))
    assert one != other
