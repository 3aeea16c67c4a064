"""A token of this deployment is known by its hash, within its time."""

import hashlib
from dataclasses import replace

import pytest

from scim.access.token import StoredToken
from scim.auth.credential import Credential
from scim.auth.not_authorized import NotAuthorized
from scim.auth.stored_tokens import StoredTokens
from scim.principal import Principal

SECRET = "scim_abc_" + "x" * 43
NOW = "2026-06-01T12:00:00.000Z"
HASH = hashlib.sha256(SECRET.encode()).hexdigest()
TOKEN = StoredToken(
    token_id="abc",
    tenant="acme",
    scopes=("users:view",),
    label="",
    created_at="2026-01-01T00:00:00.000Z",
    expires_at="2027-01-01T00:00:00.000Z",
    subject="userName:anna",
)


class Tokens:
    """One token by its hash; remembers what it was asked and told."""

    def __init__(self, token: StoredToken) -> None:
        self.known = {HASH: token}
        self.asked: list[str] = []
        self.used: list[tuple[str, str]] = []

    def find(self, token_hash: str) -> StoredToken | None:
        self.asked.append(token_hash)
        return self.known.get(token_hash)

    def note_use(self, token_hash: str, token: StoredToken, now: str) -> None:
        self.used.append((token.token_id, now))


def _principal(tokens: Tokens, credential: Credential) -> Principal | None:
    return StoredTokens(tokens, lambda: NOW).principal_of(credential)


def test_a_known_token_is_its_tenants_with_scopes_and_subject() -> None:
    tokens = Tokens(TOKEN)
    known = _principal(tokens, Credential("bearer", SECRET))
    anna = Principal("acme", "abc", frozenset({"users:view"}), "userName:anna", owner="token:abc")
    assert known == anna
    assert tokens.used == [("abc", NOW)]


def test_the_principal_has_the_filters_of_the_token() -> None:
    held = {name: getattr(TOKEN, name) for name in StoredToken.__slots__}
    tokens = Tokens(StoredToken(**{**held, "filters": '{"User":"*"}'}))
    known = _principal(tokens, Credential("bearer", SECRET))
    assert known is not None
    assert known.filters == '{"User":"*"}'


def test_the_store_sees_only_the_hash() -> None:
    tokens = Tokens(TOKEN)
    _principal(tokens, Credential("bearer", SECRET))
    assert tokens.asked == [HASH]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"revoked_at": "2026-05-01T00:00:00.000Z"}, id="revoked"),
        pytest.param({"expires_at": NOW}, id="expired just now"),
        pytest.param({"expires_at": "2025-01-01T00:00:00.000Z"}, id="expired"),
        pytest.param({"not_before": "2026-06-01T12:00:00.001Z"}, id="not yet valid"),
    ],
)
def test_outside_its_time_a_token_is_refused_and_its_use_not_recorded(
    changed: dict[str, str],
) -> None:
    held = {name: getattr(TOKEN, name) for name in StoredToken.__slots__}
    tokens = Tokens(StoredToken(**{**held, **changed}))
    with pytest.raises(NotAuthorized) as refused:
        _principal(tokens, Credential("bearer", SECRET))
    assert refused.value.reason == "it has expired, is revoked, or is not valid yet"
    assert (refused.value.tenant, refused.value.token_id) == ("acme", "abc")
    assert tokens.used == []


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"not_before": NOW}, id="valid from now"),
        pytest.param({"expires_at": "2026-06-01T12:00:00.001Z"}, id="valid a moment longer"),
    ],
)
def test_a_token_is_valid_at_both_ends_of_its_time(changed: dict[str, str]) -> None:
    held = {name: getattr(TOKEN, name) for name in StoredToken.__slots__}
    tokens = Tokens(StoredToken(**{**held, **changed}))
    assert _principal(tokens, Credential("bearer", SECRET)) is not None


def test_with_basic_the_user_is_the_tokens_id() -> None:
    assert _principal(Tokens(TOKEN), Credential("basic", SECRET, "abc")) is not None


@pytest.mark.parametrize("user", ["ABC", "abd"])
def test_with_basic_another_user_is_refused(user: str) -> None:
    with pytest.raises(NotAuthorized) as refused:
        _principal(Tokens(TOKEN), Credential("basic", SECRET, user))
    assert refused.value.reason == "the user name of Basic is not the token's id"


def test_a_token_that_follows_another_has_its_owner() -> None:
    tokens = Tokens(replace(TOKEN, token_id="def", family="abc"))
    known = _principal(tokens, Credential("bearer", SECRET))
    assert known is not None
    assert known.owner == "token:abc"
