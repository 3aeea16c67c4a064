"""A command says which deployment it is about, and in one line why it cannot be reached."""

from click.testing import CliRunner

from local.cli.__main__ import scim
from tests.local.cli.conftest import Operator


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(scim, list(words))
    return result.exit_code, result.output


def test_one_way_to_name_the_deployment_is_needed(operator: Operator) -> None:
    for words in ((), ("--table", "t", "--stack", "s")):
        code, output = _run("tenant", "list", *words)
        assert code == 2
        assert "one of --table, --stack, --local" in output


def test_a_table_that_is_not_there_is_said_in_one_line(operator: Operator) -> None:
    code, output = _run("tenant", "list", "--table", "nothing")
    assert code == 1
    assert output.startswith("Error: ")
    assert len(output.splitlines()) == 1


def test_every_command_answers_in_json_and_can_name_a_stack() -> None:
    for name, group in scim.commands.items():
        for word, command in group.commands.items():  # type: ignore[attr-defined]
            options = {option for each in command.params for option in each.opts}
            assert {"--json", "--table", "--stack", "--local", "--endpoint-url"} <= options, (
                name,
                word,
            )
