"""The keys by which a client of the token endpoint authenticates."""

import json
from typing import Any

import pytest

from scim.access.client import public_keys

RSA = {"kty": "RSA", "n": "AQ", "e": "AQAB"}
P384 = {"kty": "EC", "crv": "P-384", "x": "AQ", "y": "AQ"}


def test_private_members_are_left_out() -> None:
    assert json.loads(public_keys({"keys": [{**RSA, "d": "x", "kid": "1"}, P384]})) == {
        "keys": [{**RSA, "kid": "1"}, P384]
    }


@pytest.mark.parametrize(
    ("key_set", "expected"),
    [
        ([], "key set"),
        ({"keys": {"a": RSA}}, "key set"),
        ({"keys": ["RSA"]}, "key set"),
        (RSA, "key set"),
        ({"keys": []}, "a key that verifies signatures"),
        ({"keys": [P384]}, "a key that verifies signatures"),
        ({"keys": [{"kty": "oct", "k": "AQ"}]}, "a key that verifies signatures"),
        ({"keys": [{**RSA, "use": "enc"}]}, "a key that verifies signatures"),
        ({"keys": [{**RSA, "alg": "RS512"}]}, "a key that verifies signatures"),
        ({"keys": [{**RSA, "key_ops": ["sign"]}]}, "a key that verifies signatures"),
    ],
)
def test_keys_by_which_no_client_can_authenticate_are_refused(key_set: Any, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        public_keys(key_set)
