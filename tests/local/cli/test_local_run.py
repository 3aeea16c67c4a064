"""What the command line knows of `make run`."""

import json

import pytest

from local import intrinsics, seed
from scim_cli import local_run
from tests.local.cli.shell import Shell


def test_the_command_line_and_make_run_have_the_same_token_and_region() -> None:
    assert local_run.TOKEN == seed.TOKEN
    assert local_run.REGION == intrinsics.REGION


@pytest.mark.parametrize(
    ("port", "address"),
    [("", "127.0.0.1:8080"), ("9090", "127.0.0.1:9090")],
    ids=["default", "set"],
)
def test_the_address_is_the_one_port_says(
    port: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", port)
    assert local_run.address() == address


def test_a_restored_table_is_not_taken_for_the_one_that_runs_here(shell: Shell) -> None:
    assert shell.run("restore", "aaa-restored").exit_code == 0
    shell.run("tenant", "create", "hooli")
    result = shell.run("tenant", "list", "--json")
    assert "hooli" in [each["name"] for each in json.loads(result.stdout)], result.output
