"""Which callers are let through and as which principal; all others get 401."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from scim.auth.authorizer import authorizer
from scim.auth.credential import Credential
from scim.auth.not_authorized import NotAuthorized
from scim.principal import Principal

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/scim/v2/Users"
TOKEN = "scim_abc_" + "x" * 43
JWT = "e" * 20 + "." + "e" * 20 + "." + "s" * 20
ANNA = Principal("acme", "abc", frozenset({"users:view"}), "id:anna")
FOREIGNER = Principal("acme", "jwt-1", frozenset({"*"}))


@dataclass
class Own:
    """Knows one token; remembers what was asked."""

    asked: list[str] = field(default_factory=list)
    scopes: frozenset[str] = ANNA.scopes

    def principal_of(self, credential: Credential) -> Principal | None:
        self.asked.append(credential.token)
        return replace(ANNA, scopes=self.scopes) if credential.token == TOKEN else None


@dataclass
class Foreign:
    """Knows one JWT; remembers what was asked."""

    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def principal_of(self, token: str, tenant: str | None) -> Principal:
        self.asked.append((token, tenant))
        if token != JWT:
            raise NotAuthorized("the token is not known")
        return FOREIGNER


@dataclass(frozen=True)
class Tenant:
    schemes: tuple[str, ...] = ("bearer", "bare")
    profile: str = "okta"
    rate: int | None = 30
    suspended_at: str | None = None
    definitions: str = ""
    endpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tenants:
    acme: Tenant | None

    def find(self, name: str) -> Tenant | None:
        return self.acme if name == "acme" else None


@dataclass(frozen=True)
class Door:
    """The authorizer with what it asks."""

    own: Own = field(default_factory=Own)
    foreign: Foreign = field(default_factory=Foreign)
    tenant: Tenant | None = field(default_factory=Tenant)
    offers: tuple[str, ...] = ()

    def answer(self, authorization: str | None, path: str = "/scim/v2/Users") -> dict[str, Any]:
        headers = {} if authorization is None else {"Authorization": authorization}
        event = {"type": "REQUEST", "methodArn": ARN, "headers": headers, "path": path}
        handler = authorizer(self.own, self.foreign, Tenants(self.tenant), 40, self.offers)
        return handler({**event, "resource": "/{proxy+}"}, None)


def test_a_known_token_gets_its_tenants_policy() -> None:
    answer = Door().answer(f"Bearer {TOKEN}")
    assert answer["principalId"] == "abc"
    assert answer["context"] == {
        "tenant": "acme",
        "tokenId": "abc",
        "scopes": "users:view",
        "subject": "id:anna",
        "profile": "okta",
        "rate": "30",
        "filters": "",
        "schemes": "bearer bare",
        "definitions": "",
        "owner": "",
    }


def test_a_token_endpoint_is_a_scheme_of_every_tenant() -> None:
    answer = Door(offers=("client",)).answer(f"Bearer {TOKEN}")
    assert answer["context"]["schemes"] == "bearer bare client"


def test_a_tenants_own_types_are_in_its_policy_and_its_version_in_the_context() -> None:
    own = Tenant(definitions="3-abc", endpoints=("Devices",))
    user = Door(own=Own(scopes=frozenset({"devices:list"})), tenant=own)
    answer = user.answer(f"Bearer {TOKEN}")
    assert answer["context"]["definitions"] == "3-abc"
    (statement,) = answer["policyDocument"]["Statement"]
    assert any(each.endswith("/GET/scim/v2/?evices") for each in statement["Resource"])
    other = Door(own=Own(scopes=frozenset({"devices:list"}))).answer(f"Bearer {TOKEN}")
    assert "Devices" not in str(other["policyDocument"])


def test_the_answer_is_the_same_for_every_path() -> None:
    door = Door()
    paths = ("/scim/v2/Users", "/acme/scim/v2/Groups/1", "/other/scim/v2/Users", "/nowhere")
    first, *others = (door.answer(f"Bearer {TOKEN}", path) for path in paths)
    assert others == [first] * 3


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer short", "Basic eA==", "non-token"])
def test_a_header_without_a_credential_is_refused_without_a_lookup(value: str | None) -> None:
    door = Door()
    with pytest.raises(NotAuthorized, match=r"^Unauthorized$"):
        door.answer(value)
    assert (door.own.asked, door.foreign.asked) == ([], [])


def test_an_unknown_token_is_refused() -> None:
    with pytest.raises(NotAuthorized):
        Door().answer("Bearer " + "y" * 50)


@pytest.mark.parametrize(
    ("tenant", "value", "reason"),
    [
        (None, f"Bearer {TOKEN}", "its tenant does not exist"),
        (Tenant(suspended_at="2026-01-01"), f"Bearer {TOKEN}", "its tenant is suspended"),
        (Tenant(), f"Token {TOKEN}", "it was sent as token; its tenant accepts bearer, bare"),
        (
            Tenant(schemes=("token",)),
            f"Bearer {TOKEN}",
            "it was sent as bearer; its tenant accepts token",
        ),
        (Tenant(schemes=("bearer",)), TOKEN, "it was sent as bare; its tenant accepts bearer"),
    ],
)
def test_the_tenant_decides_which_schemes_are_accepted(
    tenant: Tenant | None, value: str, reason: str
) -> None:
    with pytest.raises(NotAuthorized) as refused:
        Door(tenant=tenant).answer(value)
    assert (refused.value.reason, refused.value.tenant) == (reason, "acme")
    assert refused.value.token_id == "abc"


@pytest.mark.parametrize("value", [f"Token {TOKEN}", f"token {TOKEN}"])
def test_a_tenant_may_take_the_scheme_token(value: str) -> None:
    assert Door(tenant=Tenant(schemes=("token",))).answer(value)["principalId"] == "abc"


def test_a_jwt_is_asked_of_its_issuer_alone() -> None:
    door = Door()
    assert door.answer(f"Bearer {JWT}")["principalId"] == "jwt-1"
    assert (door.own.asked, door.foreign.asked) == ([], [(JWT, None)])


def test_an_unknown_token_may_be_another_issuers_of_the_tenant_in_the_path() -> None:
    door = Door()
    with pytest.raises(NotAuthorized):
        door.answer("Bearer " + "y" * 50, "/acme/scim/v2/Users")
    assert door.foreign.asked == [("y" * 50, "acme")]


def test_a_token_of_an_issuer_is_accepted_only_as_bearer() -> None:
    door = Door(tenant=Tenant(schemes=("token", "basic", "bearer")))
    with pytest.raises(NotAuthorized):
        door.answer(f"Token {JWT}")
    assert door.foreign.asked == []


def test_a_foreign_token_of_a_forgotten_tenant_is_refused() -> None:
    with pytest.raises(NotAuthorized):
        Door(tenant=None).answer(f"Bearer {JWT}")


def test_scopes_in_the_words_of_the_tenants_profile_travel_in_ours() -> None:
    own = Own()
    usermgt = "/permission/admin/manage/identity/usermgt"
    bearer = Principal("acme", "abc", frozenset({f"{usermgt}/view", "groups:view"}))
    own.principal_of = lambda credential: bearer  # type: ignore[method-assign]
    answer = Door(own=own, tenant=Tenant(profile="wso2")).answer(f"Bearer {TOKEN}")
    assert answer["context"]["scopes"] == "groups:view users:view"
    elsewhere = Door(own=own, tenant=Tenant(profile="okta")).answer(f"Bearer {TOKEN}")
    assert elsewhere["context"]["scopes"] == "groups:view"


def test_a_tenant_whose_profile_was_removed_gets_the_default_policy() -> None:
    answer = Door(tenant=Tenant(profile="gone")).answer(f"Bearer {TOKEN}")
    assert answer["context"]["scopes"] == "users:view"


@pytest.mark.parametrize(
    "path",
    ["/acme/scim2/Users", "/t/acme/scim2", "/acme/identity/seam/resource/restv1/scim/v2/Users"],
)
def test_a_foreign_token_is_tried_for_the_tenant_in_the_path(path: str) -> None:
    door = Door()
    door.answer(f"Bearer {JWT}", path)
    assert door.foreign.asked == [(JWT, "acme")]
