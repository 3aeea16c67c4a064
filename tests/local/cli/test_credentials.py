"""Missing or refused credentials are named with the places where they were looked for."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from scim_cli.credentials import refusal
from scim_cli.root import scim
from tests.fakes.refusals import refusing

NOBODY = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_SESSION_TOKEN": "",
    "AWS_PROFILE": None,
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}
SOMEBODY = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": "x"}


def _run(env: dict[str, str | None], *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(scim, list(words), env=env)
    return result.exit_code, result.stderr


def test_without_credentials_each_place_is_named() -> None:
    code, said = _run(NOBODY, "tenant", "list", "--table", "t")
    assert code == 3
    assert "Unable to locate credentials" in said
    places = ("environment: AWS_ACCESS_KEY_ID", "web identity: ", "container: ", "EC2 instance: ")
    assert all(place in said for place in places)
    assert "credentials file: there is no /nonexistent" in said


def test_half_of_the_credentials_is_named() -> None:
    code, said = _run({**NOBODY, "AWS_ACCESS_KEY_ID": "AKIAX"}, "tenant", "list", "--table", "t")
    assert code == 3
    assert "AWS_SECRET_ACCESS_KEY is not set" in said


def test_a_missing_profile_is_refused_with_the_existing_ones(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile prod]\nregion = eu-west-1\n", "utf-8")
    env = {**NOBODY, "AWS_CONFIG_FILE": str(config)}
    code, said = _run(env, "--profile", "prd", "tenant", "list", "--table", "t")
    assert code == 3
    assert "(prd) could not be found. There are: prod." in said


def test_a_region_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    code, said = _run({**SOMEBODY, "AWS_REGION": None}, "tenant", "list", "--table", "t")
    assert (code, said) == (3, "Error: No AWS region: give --region, or set AWS_REGION.\n")


@pytest.mark.parametrize(
    ("refused", "code", "said"),
    [
        ("ExpiredTokenException", 3, "The AWS credentials have expired (from env)"),
        ("UnrecognizedClientException", 3, "AWS does not know these credentials (from env)"),
        ("AccessDeniedException", 3, "These AWS credentials lack the permission (from env)"),
        ("ResourceNotFoundException", 1, "ResourceNotFoundException"),
    ],
)
def test_a_refusal_by_aws_names_the_credentials_and_their_source(
    refused: str, code: int, said: str
) -> None:
    with refusing(refused) as address:
        words = ("tenant", "list", "--table", "t", "--endpoint-url", address)
        ended, told = _run(SOMEBODY, *words)
    assert ended == code
    assert said in told


def test_an_endpoint_without_a_server_is_unreachable() -> None:
    words = ("tenant", "list", "--table", "t", "--endpoint-url", "http://127.0.0.1:1")
    code, said = _run(SOMEBODY, *words)
    assert code == 4
    assert "127.0.0.1:1" in said


def test_an_emulator_without_an_operation_is_named_in_a_sentence() -> None:
    answer: Any = {"Error": {"Code": "UnknownOperationException", "Message": ""}}
    error = refusal(ClientError(answer, "RestoreTableToPointInTime"))
    assert error.exit_code == 1
    assert error.format_message().startswith(
        "The endpoint does not know RestoreTableToPointInTime: it is an emulator"
    )
