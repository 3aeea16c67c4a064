"""The key in KMS makes signatures everybody can check with what is published of it."""

from collections.abc import Callable
from typing import Any

import boto3
import jwt
import pytest

from local.moto import quick_moto
from scim.errors import Unavailable
from scim.store.access.signing_key import KmsSigner


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.parametrize(
    "message", [b"a message", b"long " * 1000], ids=["hashed by KMS", "too long for KMS"]
)
def test_a_signature_is_good_under_the_published_key(message: bytes) -> None:
    with quick_moto():
        made = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        signer = KmsSigner(made["KeyMetadata"]["KeyId"])
        (jwk,), signature = signer.public_jwks(), signer.sign(message)
    assert len(signature) == 64
    assert set(jwk) == {"kty", "crv", "x", "y", "kid"}
    algorithm = jwt.get_algorithm_by_name("ES256")
    key = jwt.PyJWK(dict(jwk), "ES256").key
    assert algorithm.verify(message, key, signature)
    assert not algorithm.verify(b"another", key, signature)


@pytest.mark.parametrize("use", [KmsSigner.public_jwks, lambda signer: signer.sign(b"a message")])
def test_a_key_that_cannot_be_used_is_a_passing_failure(use: Callable[[KmsSigner], Any]) -> None:
    with quick_moto(), pytest.raises(Unavailable) as raised:
        use(KmsSigner("alias/of-no-key"))
    assert raised.value.headers() == {"Retry-After": "5"}


def test_a_key_of_another_curve_is_refused() -> None:
    with quick_moto():
        made = boto3.client("kms").create_key(KeySpec="ECC_NIST_P384", KeyUsage="SIGN_VERIFY")
        with pytest.raises(ValueError, match="P-256"):
            KmsSigner(made["KeyMetadata"]["KeyId"]).public_jwks()


def test_the_first_of_several_keys_signs_and_all_are_published() -> None:
    with quick_moto():
        keys = [
            boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
            for _ in range(2)
        ]
        signer = KmsSigner(",".join(key["KeyMetadata"]["KeyId"] for key in keys))
        first, second = signer.public_jwks()
        signature = signer.sign(b"a message")
    assert signer.kid == first["kid"] != second["kid"]
    algorithm = jwt.get_algorithm_by_name("ES256")
    assert algorithm.verify(b"a message", jwt.PyJWK(first, "ES256").key, signature)
    assert not algorithm.verify(b"a message", jwt.PyJWK(second, "ES256").key, signature)


def test_a_key_that_no_longer_signs_is_not_needed_for_signing() -> None:
    with quick_moto():
        made = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        signer = KmsSigner(f"{made['KeyMetadata']['KeyId']},alias/gone")
        assert signer.kid
        assert signer.sign(b"a message")
