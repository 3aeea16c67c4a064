"""Shell completion."""

import pytest
from click.testing import CliRunner

from scim_cli.root import scim


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    result = CliRunner().invoke(scim, ["completion", shell])
    assert result.exit_code == 0, result.output
    assert "_SCIM_COMPLETE" in result.stdout


def test_names_are_completed_without_loading_a_command() -> None:
    env = {"_SCIM_COMPLETE": "bash_complete", "COMP_WORDS": "scim to", "COMP_CWORD": "1"}
    result = CliRunner().invoke(scim, [], env=env, prog_name="scim")
    assert result.stdout == "plain,token\n"
