"""Only a known token that is valid now gets through; all else is the one word 401 hangs on."""

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest

from scim.auth.authorizer import Unauthorized, authorizer

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/scim/v2/Users"
TOKEN = "scim_abc_" + "x" * 43
NOW = "2026-06-01T12:00:00.000Z"


@dataclass(frozen=True)
class Known:
    tenant: str = "acme"
    token_id: str = "abc"
    scopes: tuple[str, ...] = ("users:view",)
    not_before: str | None = None
    expires_at: str = "2027-01-01T00:00:00.000Z"
    revoked_at: str | None = None


class Tokens:
    """Known tokens by hash; remembers what was asked."""

    def __init__(self, known: Known) -> None:
        self.known = {hashlib.sha256(TOKEN.encode()).hexdigest(): known}
        self.asked: list[str] = []

    def __call__(self, token_hash: str) -> Known | None:
        self.asked.append(token_hash)
        return self.known.get(token_hash)


def _answer(tokens: Tokens, authorization: str | None) -> dict[str, object]:
    headers = {} if authorization is None else {"Authorization": authorization}
    event: dict[str, Any] = {"type": "REQUEST", "methodArn": ARN, "headers": headers}
    return authorizer(tokens, lambda: NOW, 40)(event, None)


def test_a_known_token_gets_its_tenants_policy() -> None:
    answer = _answer(Tokens(Known()), f"Bearer {TOKEN}")
    assert answer["principalId"] == "abc"
    assert answer["context"] == {
        "tenant": "acme",
        "tokenId": "abc",
        "scopes": "users:view",
        "subject": "",
    }


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer short", "Basic eA==", "non-token"])
def test_what_is_no_token_never_reaches_the_store(value: str | None) -> None:
    tokens = Tokens(Known())
    with pytest.raises(Unauthorized, match="^Unauthorized$"):
        _answer(tokens, value)
    assert tokens.asked == []


def test_an_unknown_token_is_refused() -> None:
    with pytest.raises(Unauthorized):
        _answer(Tokens(Known()), "Bearer " + "y" * 50)


def test_the_store_sees_only_the_hash() -> None:
    tokens = Tokens(Known())
    _answer(tokens, f"Bearer {TOKEN}")
    assert tokens.asked == [hashlib.sha256(TOKEN.encode()).hexdigest()]


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(Known(revoked_at="2026-05-01T00:00:00.000Z"), id="revoked"),
        pytest.param(Known(expires_at=NOW), id="expired just now"),
        pytest.param(Known(expires_at="2025-01-01T00:00:00.000Z"), id="expired"),
        pytest.param(Known(not_before="2026-06-01T12:00:00.001Z"), id="not yet valid"),
    ],
)
def test_a_token_outside_its_time_is_refused(known: Known) -> None:
    with pytest.raises(Unauthorized):
        _answer(Tokens(known), f"Bearer {TOKEN}")


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(Known(not_before=NOW), id="valid from now"),
        pytest.param(Known(expires_at="2026-06-01T12:00:00.001Z"), id="valid a moment longer"),
    ],
)
def test_a_token_within_its_time_gets_through(known: Known) -> None:
    assert _answer(Tokens(known), f"Bearer {TOKEN}")["principalId"] == "abc"
