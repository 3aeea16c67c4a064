"""The claims of minted tokens, and the terms on which they are accepted."""

import base64
import json
from typing import Any

import pytest

from scim.auth.oauth.token import LONGEST_LIFETIME, MintedTokens
from tests.scim.auth.oauth.minting import BASE, Known, Signer


def minted(**known: Any) -> MintedTokens:
    return MintedTokens(BASE, Signer(), {"c1": Known(**known)}.get)


def part(token: str, number: int) -> Any:
    segment = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))


def test_a_token_has_the_claims_of_rfc_9068() -> None:
    token = minted().token(Known(), ("users:view", "me"), 1000.9, 600)
    assert part(token, 0) == {"alg": "ES256", "typ": "at+jwt", "kid": "k1"}
    claims = part(token, 1)
    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": BASE,
        "aud": f"{BASE}/scim/v2",
        "sub": "c1",
        "client_id": "c1",
        "iat": 1000,
        "exp": 1600,
        "scope": "users:view me",
    }


def test_no_two_tokens_are_one() -> None:
    made = minted()
    assert made.token(Known(), (), 0, 60) != made.token(Known(), (), 0, 60)


def test_a_token_is_believed_on_its_clients_terms() -> None:
    terms = minted().issuer_for({"client_id": "c1", "scope": "*"})
    assert terms is not None
    assert (terms.tenant, terms.algorithms, terms.types) == ("acme", ("ES256",), ("at+jwt",))
    assert terms.claims == {"client_id": "c1"}
    assert terms.maximum_lifetime == LONGEST_LIFETIME == 3600
    # What it says it may do counts only as far as its client still may.
    assert terms.scoping.names == {"users:*": ("users:*",)}
    assert terms.filters == {}
    assert terms.jwks_uri == minted().jwks_uri == f"{BASE}/oauth2/jwks"


def test_a_token_has_the_present_filters_of_its_client() -> None:
    terms = minted(filters='{"User":"active eq true"}').issuer_for({"client_id": "c1"})
    assert terms is not None
    assert terms.filters == {"User": "active eq true"}


@pytest.mark.parametrize(
    ("claims", "known"),
    [
        ({}, {}),
        ({"client_id": ""}, {}),
        ({"client_id": 7}, {}),
        ({"client_id": "c2"}, {}),
        ({"client_id": "c1"}, {"revoked_at": "2026-01-01T00:00:00.000Z"}),
    ],
)
def test_a_token_of_no_client_is_not_believed(claims: Any, known: Any) -> None:
    assert minted(**known).issuer_for(claims) is None


def test_the_metadata_and_the_keys_match_the_tokens() -> None:
    metadata = minted().metadata()
    assert metadata["issuer"] == BASE
    assert metadata["token_endpoint"] in minted().audiences
    (key,) = minted().jwks()["keys"]
    assert (key["use"], key["alg"]) == ("sig", "ES256")


def test_a_client_may_have_scopes_in_its_profiles_words() -> None:
    scope = "/permission/admin/manage/identity/usermgt"
    terms = minted(scopes=(scope,)).issuer_for({"client_id": "c1", "scope": scope})
    assert terms is not None
    assert terms.scoping.names == {scope: (scope,)}
