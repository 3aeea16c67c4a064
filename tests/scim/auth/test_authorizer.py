"""Who gets through, as whom; all else is the one word 401 hangs on."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from scim.auth.authorizer import Unauthorized, authorizer
from scim.auth.credential import Credential
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

    def principal_of(self, credential: Credential) -> Principal | None:
        self.asked.append(credential.token)
        return ANNA if credential.token == TOKEN else None


@dataclass
class Foreign:
    """Knows one JWT; remembers what was asked."""

    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def principal_of(self, token: str, tenant: str | None) -> Principal | None:
        self.asked.append((token, tenant))
        return FOREIGNER if token == JWT else None


@dataclass(frozen=True)
class Tenant:
    schemes: tuple[str, ...] = ("bearer", "bare")
    profile: str = "okta"
    rate: int | None = 30
    suspended_at: str | None = None


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

    def answer(self, authorization: str | None, path: str = "/scim/v2/Users") -> dict[str, Any]:
        headers = {} if authorization is None else {"Authorization": authorization}
        event = {"type": "REQUEST", "methodArn": ARN, "headers": headers, "path": path}
        handler = authorizer(self.own, self.foreign, Tenants(self.tenant), 40)
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
    }


def test_the_answer_is_the_same_for_every_path() -> None:
    door = Door()
    paths = ("/scim/v2/Users", "/acme/scim/v2/Groups/1", "/other/scim/v2/Users", "/nowhere")
    first, *others = (door.answer(f"Bearer {TOKEN}", path) for path in paths)
    assert others == [first] * 3


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer short", "Basic eA==", "non-token"])
def test_what_is_no_credential_is_looked_up_nowhere(value: str | None) -> None:
    door = Door()
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        door.answer(value)
    assert (door.own.asked, door.foreign.asked) == ([], [])


def test_an_unknown_token_is_refused() -> None:
    with pytest.raises(Unauthorized):
        Door().answer("Bearer " + "y" * 50)


@pytest.mark.parametrize(
    ("tenant", "value"),
    [
        pytest.param(None, f"Bearer {TOKEN}", id="forgotten tenant"),
        pytest.param(Tenant(suspended_at="2026-01-01"), f"Bearer {TOKEN}", id="suspended tenant"),
        pytest.param(Tenant(), f"Token {TOKEN}", id="Token where only Bearer is taken"),
        pytest.param(Tenant(schemes=("token",)), f"Bearer {TOKEN}", id="Bearer where only Token"),
        pytest.param(Tenant(schemes=("bearer",)), TOKEN, id="bare where only Bearer is taken"),
    ],
)
def test_the_tenant_decides_who_may_come_and_how(tenant: Tenant | None, value: str) -> None:
    with pytest.raises(Unauthorized):
        Door(tenant=tenant).answer(value)


@pytest.mark.parametrize("value", [f"Token {TOKEN}", f"token {TOKEN}"])
def test_a_tenant_may_take_the_scheme_token(value: str) -> None:
    assert Door(tenant=Tenant(schemes=("token",))).answer(value)["principalId"] == "abc"


def test_a_jwt_is_asked_of_its_issuer_alone() -> None:
    door = Door()
    assert door.answer(f"Bearer {JWT}")["principalId"] == "jwt-1"
    assert (door.own.asked, door.foreign.asked) == ([], [(JWT, None)])


def test_an_unknown_token_may_be_another_issuers_of_the_tenant_in_the_path() -> None:
    door = Door()
    with pytest.raises(Unauthorized):
        door.answer("Bearer " + "y" * 50, "/acme/scim/v2/Users")
    assert door.foreign.asked == [("y" * 50, "acme")]


def test_another_issuers_token_comes_as_a_bearer_token_only() -> None:
    door = Door(tenant=Tenant(schemes=("token", "basic", "bearer")))
    with pytest.raises(Unauthorized):
        door.answer(f"Token {JWT}")
    assert door.foreign.asked == []


def test_a_foreign_token_of_a_forgotten_tenant_is_refused() -> None:
    with pytest.raises(Unauthorized):
        Door(tenant=None).answer(f"Bearer {JWT}")
