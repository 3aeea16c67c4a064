"""Clients of the token endpoint from the command line."""

import json
from pathlib import Path

import pytest

from tests.local.cli.conftest import Operator

KEY = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "k", "d": "private"}


def test_a_secret_is_shown_once_and_its_follower_overlaps(acme: Operator) -> None:
    made = acme.json("client", "create", "--tenant", "acme", "--scope", "users:*")
    assert made["secret"].startswith(f"scim_{made['client_id']}_")
    (listed,) = acme.json("client", "list", "--tenant", "acme")
    assert (listed["client_id"], listed["scopes"]) == (made["client_id"], ["users:*"])
    assert made["secret"] not in json.dumps(listed)
    following = acme.json("client", "rotate", made["client_id"], "--tenant", "acme")
    assert following["secret"] != made["secret"]


def test_a_client_may_be_known_by_its_keys_of_which_the_public_part_is_kept(
    acme: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [KEY]}))
    made = acme.json("client", "create", "--tenant", "acme", "--jwks", str(file))
    assert "secret" not in made
    assert "private" not in made["jwks"]


def test_filters_limit_what_tokens_of_a_client_see(acme: Operator) -> None:
    made = acme.json("client", "create", "--tenant", "acme", "--filter", "User=active eq true")
    assert made["filters"] == '{"User":"active eq true"}'
    found = acme.access.clients.find(made["client_id"])
    assert found is not None
    assert found.filters == made["filters"]


def test_a_client_is_revoked(acme: Operator) -> None:
    made = acme.json("client", "create", "--tenant", "acme")
    revoked = acme.json("client", "revoke", made["client_id"], "--tenant", "acme")
    assert revoked["revoked_at"]
    refusal = acme.refusal("client", "rotate", made["client_id"], "--tenant", "acme")
    assert f"Client {made['client_id']} is revoked; create a new one." in refusal


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("create", "--tenant", "nobody"), "nobody"),
        (("create", "--tenant", "acme", "--scope", "Users!"), "not a scope"),
        (("create", "--tenant", "acme", "--jwks-uri", "http://example.com"), "https"),
        (("create", "--tenant", "acme", "--jwks", "{folder}/none.json"), "expected a key set"),
        (("rotate", "nobody", "--tenant", "acme"), "no client nobody"),
    ],
)
@pytest.mark.sampled(3)
def test_an_invalid_argument_is_refused_with_the_reason(
    acme: Operator, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / "none.json").write_text("[]")
    given = [each.replace("{folder}", str(tmp_path)) for each in arguments]
    answer = acme.run("client", *given)
    assert answer.exit_code != 0
    assert complaint in answer.output


def test_a_tenant_with_scopes_of_its_own_takes_no_other(operator: Operator) -> None:
    operator.run("tenant", "create", "strict", "--profile", "ipsie")
    made = operator.json("client", "create", "--tenant", "strict")
    assert made["scopes"] == ["scim"]
    refused = operator.refusal("client", "create", "--tenant", "strict", "--scope", "*")
    assert "expected scim" in refused
    assert "token endpoint" in operator.refusal("token", "create", "--tenant", "strict")


def test_a_scope_that_can_grant_nothing_is_refused(acme: Operator) -> None:
    refused = acme.refusal("client", "create", "--tenant", "acme", "--scope", "users:read")
    assert "users:read is not a scope" in refused
