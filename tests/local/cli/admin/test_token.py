"""Tokens from the command line: the secret is shown once and kept nowhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from scim.access.tenant import Tenant
from scim.access.token import StoredToken, hash_of
from scim.fsck import violations
from tests.local.cli.conftest import Operator

SECRET = re.compile(r"scim_[0-9a-f]{12}_[A-Za-z0-9_-]{49}")


def _made(operator: Operator, *words: str) -> dict[str, str]:
    made: dict[str, str] = operator.json("token", "create", "--tenant", "acme", "--create", *words)
    return made


def _stored(operator: Operator, secret: str) -> StoredToken:
    found = operator.access.tokens.find(hash_of(secret))
    assert found is not None
    return found


def _from_now(text: str) -> timedelta:
    return datetime.fromisoformat(text) - datetime.now(UTC)


def test_the_secret_is_the_last_line_and_the_only_one_on_stdout(operator: Operator) -> None:
    result = operator.run("token", "create", "--tenant", "acme", "--create")
    assert SECRET.fullmatch(result.stdout.strip())
    assert _stored(operator, result.stdout.strip()).scopes == ("*",)
    assert "Tenant acme is new." in result.stderr


def test_a_token_is_made_as_told(operator: Operator) -> None:
    words = ("--label", "Okta", "--scope", "users:*", "--scope", "*:view", "--days", "30")
    made = _made(operator, *words, "--subject", "userName:anna")
    stored = _stored(operator, made["token"])
    assert (stored.label, stored.scopes) == ("Okta", ("users:*", "*:view"))
    assert stored.subject == "userName:anna"
    assert timedelta(days=29, hours=23) < _from_now(stored.expires_at) <= timedelta(days=30)
    assert stored.not_before is None


def test_a_token_may_see_less(operator: Operator) -> None:
    words = ("--filter", 'User=userName sw "a=b"', "--filter", "Group=*")
    made = _made(operator, *words)
    stored = _stored(operator, made["token"])
    assert stored.filters == made["filters"] == '{"User":"userName sw \\"a=b\\"","Group":"*"}'
    rotated = operator.json("token", "rotate", stored.token_id, "--tenant", "acme")
    assert rotated["filters"] == stored.filters
    assert _made(operator)["filters"] is None


def test_filters_are_held_against_the_tenants_own_profile(operator: Operator) -> None:
    operator.access.tenants.create(Tenant("globex", "2026-01-01", "nothing-like-it"))
    refusal = operator.refusal("token", "create", "--tenant", "globex", "--filter", "User=*")
    assert "There is no profile nothing-like-it" in refusal


def test_a_token_may_begin_later(operator: Operator) -> None:
    made = _made(operator, "--starts-in", "2h")
    stored = _stored(operator, made["token"])
    assert stored.not_before is not None
    assert timedelta(hours=1) < _from_now(stored.not_before) <= timedelta(hours=2)
    assert made["valid"] is False


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--scope", "Users:View"), "Users:View is not a scope"),
        (("--scope", "users"), "users is not a scope of acme"),
        (("--subject", "anna"), "A subject is id:"),
        (("--days", "0"), "0 is not in the range"),
        (("--filter", "User"), "User: expected one TYPE=FILTER"),
        (("--filter", "User=*", "--filter", "User=*"), "expected one TYPE=FILTER"),
        (("--filter", "Users=*"), "no resource type 'Users'"),
        (("--filter", "User=shoe eq 1"), "shoe"),
        (("--filter", "Group=members pr"), "own attributes"),
        (("--filter", f'User=userName eq "{"x" * 1024}"'), "up to 1024"),
        (("--starts-in", "soon"), "expected minutes, hours or days"),
    ],
)
@pytest.mark.sampled(3)
def test_an_invalid_argument_is_refused_with_the_reason(
    operator: Operator, words: tuple[str, ...], complaint: str
) -> None:
    result = operator.run("token", "create", "--tenant", "acme", "--create", *words)
    assert result.exit_code != 0
    assert complaint in result.stderr


def test_tokens_are_listed_without_secrets(operator: Operator) -> None:
    secrets = [_made(operator, "--label", label)["token"] for label in ("one", "two")]
    shown = operator.run("token", "list", "--tenant", "acme").stdout
    listed = operator.json("token", "list", "--tenant", "acme")
    assert [each["label"] for each in listed] == ["one", "two"]
    for secret in secrets:
        assert secret not in shown
        assert secret[-20:] not in str(listed)
        assert hash_of(secret) not in str(listed)


def test_both_tokens_are_valid_until_the_overlap_of_a_rotation_ends(operator: Operator) -> None:
    old = _made(operator, "--scope", "users:*", "--subject", "id:1", "--label", "Okta")
    words = (old["token_id"], "--tenant", "acme", "--overlap", "24h")
    new = operator.json("token", "rotate", *words)
    kept, made = _stored(operator, old["token"]), _stored(operator, new["token"])
    assert old["token"] != new["token"]
    assert (made.scopes, made.subject, made.label) == (("users:*",), "id:1", "Okta")
    assert timedelta(hours=23) < _from_now(kept.expires_at) <= timedelta(hours=24)
    assert _from_now(made.expires_at) > timedelta(days=364)
    assert [each["valid"] for each in operator.json("token", "list", "--tenant", "acme")] == [
        True,
        True,
    ]


def test_a_rotation_never_makes_the_old_token_live_longer(operator: Operator) -> None:
    old = _made(operator, "--days", "1")
    operator.json("token", "rotate", old["token_id"], "--tenant", "acme", "--overlap", "7d")
    assert _stored(operator, old["token"]).expires_at == old["expires_at"]


def test_a_revoked_token_is_listed_as_such_and_cannot_be_rotated(operator: Operator) -> None:
    made = _made(operator)
    words = (made["token_id"], "--tenant", "acme")
    revoked = operator.json("token", "revoke", *words)
    assert revoked["valid"] is False
    assert _stored(operator, made["token"]).revoked_at == revoked["revoked_at"]
    assert "is not valid" in operator.refusal("token", "rotate", *words)


def test_revoking_twice_keeps_the_first_time(operator: Operator) -> None:
    made = _made(operator)
    words = ("token", "revoke", made["token_id"], "--tenant", "acme")
    assert operator.json(*words) == operator.json(*words)


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_a_token_of_another_tenant_is_unknown(operator: Operator, command: str) -> None:
    made = _made(operator)
    operator.run("tenant", "create", "other")
    for token_id in (made["token_id"], "nothing"):
        complaint = operator.refusal("token", command, token_id, "--tenant", "other")
        assert f"Tenant other has no token {token_id}." in complaint
    assert _stored(operator, made["token"]).is_valid(made["created_at"])


@pytest.mark.parametrize("name", ["a#b", "", "~"])
def test_a_token_of_an_impossible_tenant_is_refused(operator: Operator, name: str) -> None:
    refusal = operator.refusal("token", "create", "--tenant", name, "--create")
    assert "A tenant's name has 1 to 64 letters" in refusal


def test_a_tenant_is_not_made_by_a_typo(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    refusal = operator.refusal("token", "create", "--tenant", "acne")
    assert refusal == "Error: There is no tenant acne. Did you mean acme?\n"
    assert operator.access.tenants.names() == ["acme"]


def test_no_secret_is_in_the_table(operator: Operator) -> None:
    secret = _made(operator)["token"]
    items = operator.client.scan(TableName=operator.table)["Items"]
    assert secret.split("_", 2)[2] not in str(items)
    assert violations(items) == []
