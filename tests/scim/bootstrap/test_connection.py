"""The environment selects the connection to DynamoDB: the built-in client, or boto3 where more is configured."""

import os
from pathlib import Path

import pytest

from local.environment import environment
from scim.bootstrap.connection import ELSEWHERE, client, is_plain, json_client
from scim.store.dynamodb.json_client import JsonClient

LAMBDA = {
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_CONFIG_FILE": os.devnull,
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000"},
        {"AWS_PROFILE": ""},
        {"AWS_DEFAULT_REGION": "il-central-1"},
    ],
)
def test_the_environment_of_lambda_selects_the_built_in_client(more: dict[str, str]) -> None:
    assert is_plain({**LAMBDA, **more})


@pytest.mark.parametrize(
    "more",
    [
        {"HTTPS_PROXY": "http://proxy.example:3128"},
        {"https_proxy": "http://proxy.example:3128"},
        {"AWS_PROFILE": "prod"},
        {"AWS_CA_BUNDLE": "/etc/ssl/own.pem"},
        {"REQUESTS_CA_BUNDLE": "/etc/ssl/own.pem"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
        {"AWS_DEFAULT_REGION": "cn-north-1"},
        {"AWS_DEFAULT_REGION": "us-gov-west-1"},
        {"AWS_DEFAULT_REGION": "us-iso-east-1"},
        {"AWS_DEFAULT_REGION": "eu-isoe-west-1"},
        {"AWS_DEFAULT_REGION": ""},
    ],
)
def test_more_than_that_is_left_to_boto3(more: dict[str, str]) -> None:
    assert not is_plain({**LAMBDA, **more})


def test_a_file_of_settings_is_left_to_boto3(tmp_path: Path) -> None:
    file = tmp_path / "config"
    assert is_plain({**LAMBDA, "AWS_CONFIG_FILE": str(file)})
    file.write_text("[default]\nregion = eu-west-1\n", "utf-8")
    assert not is_plain({**LAMBDA, "AWS_CONFIG_FILE": str(file)})


def test_a_client_is_opened_by_what_the_environment_says() -> None:
    others = [name for name in os.environ if name.lower().endswith("_proxy")]
    with environment(LAMBDA, without=[*others, *ELSEWHERE]):
        assert isinstance(client(), JsonClient)
    with environment({**LAMBDA, "HTTPS_PROXY": "http://127.0.0.1:1"}):
        found = client()
        assert not isinstance(found, JsonClient)
        assert found.meta.config.proxies is None  # type: ignore[attr-defined] - boto3's
        assert found.meta.config.retries["total_max_attempts"] == 1  # type: ignore[attr-defined]


def test_an_endpoint_is_the_one_that_is_configured() -> None:
    opened = json_client("http://127.0.0.1:8000", "eu-west-1", LAMBDA)
    assert opened._connections.url == "http://127.0.0.1:8000/"
    assert opened._connections.host == "127.0.0.1:8000"
