"""`scim quickstart` makes a tenant that an identity provider can be connected to."""

import pytest
from click.testing import CliRunner

from scim_cli.root import scim
from tests.local.cli.shell import Shell


@pytest.mark.parametrize("idp", ["default", "entra"])
@pytest.mark.sampled(2)
def test_a_tenant_is_made_tried_and_shown(shell: Shell, idp: str) -> None:
    result = shell.run("quickstart", f"new-{idp}", "--idp", idp)
    assert result.exit_code == 0, result.output
    assert f"Tenant new-{idp} is created." in result.stderr
    assert "A user was created, found (1) and deleted." in result.stderr
    assert "NO" not in result.stderr
    shown = dict(line.split() for line in result.stdout.splitlines())
    assert shown["baseUrl"].endswith("/scim/v2")
    tried = shell.run("test-connection", shown["baseUrl"], shown["token"])
    assert tried.exit_code == 0, tried.output


def test_an_existing_tenant_gets_another_token(shell: Shell) -> None:
    first = shell.json("quickstart", "twice")
    second = shell.json("quickstart", "twice")
    assert first["token"] != second["token"]


def test_an_unknown_token_fails_the_trial(shell: Shell) -> None:
    url = shell.json("quickstart", "known")["baseUrl"]
    result = shell.run("test-connection", url, "nonsense")
    assert result.exit_code == 1
    assert "The token is not accepted" in result.stdout


def test_a_server_that_does_not_answer_is_another_code() -> None:
    result = CliRunner().invoke(scim, ["test-connection", "http://127.0.0.1:1/scim/v2", "x"])
    assert result.exit_code == 4
    assert "The server cannot be reached" in result.stdout
