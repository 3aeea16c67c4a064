"""Secrets are read by name, below the deployment's own prefix, and for a while not again."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError

from local.moto import quick_moto
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
    with pytest.raises(LookupError):
        Secrets("scim/one/").secret(name)


def test_a_missing_secret_is_an_error() -> None:
    with pytest.raises(ClientError):
        Secrets("scim/one/").secret("missing")
