"""Secrets are read by name, below the deployment's own prefix, and for a while not again."""

from collections.abc import Iterator

import boto3
import pytest

from local.moto import quick_moto
from scim.errors import Unavailable
from scim.expiring_cache import ExpiringCache
from scim.store.access.secrets import REMEMBERED, Secrets


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with quick_moto():
        secrets = boto3.client("secretsmanager")
        secrets.create_secret(Name="scim/one/gluu", SecretString="first")
        secrets.create_secret(Name="scim/other/gluu", SecretString="not ours")
        yield


def test_a_secret_is_read_again_after_a_while() -> None:
    clock = Clock()
    secrets = Secrets("scim/one/", ExpiringCache(clock))
    assert secrets.secret("gluu") == "first"
    boto3.client("secretsmanager").put_secret_value(SecretId="scim/one/gluu", SecretString="next")
    clock.now = REMEMBERED - 1
    assert secrets.secret("gluu") == "first"
    clock.now = REMEMBERED
    assert secrets.secret("gluu") == "next"


@pytest.mark.parametrize("name", ["", "../other/gluu", "a b", "arn:aws:x", "x" * 129])
def test_a_name_stays_below_the_prefix(name: str) -> None:
    with pytest.raises(Unavailable, match="The name of a secret is"):
        Secrets("scim/one/").secret(name)


def test_a_secret_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Unavailable, match="The secret missing cannot be read"):
        Secrets("scim/one/").secret("missing")


def test_a_secret_of_bytes_is_refused() -> None:
    boto3.client("secretsmanager").create_secret(Name="scim/one/bytes", SecretBinary=b"x")
    with pytest.raises(Unavailable, match="The secret bytes is not text"):
        Secrets("scim/one/").secret("bytes")
