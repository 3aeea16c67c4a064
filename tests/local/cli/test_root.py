"""`scim` itself: its commands and options, and how quickly it starts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from scim_cli import __version__
from scim_cli.root import SECTIONS, scim

PLACES = {name: place for section in SECTIONS.values() for name, place in section.items()}


@pytest.mark.parametrize("name", [pytest.param(each, id=each) for each in PLACES])
def test_a_line_of_the_help_is_the_first_sentence_of_its_command(name: str) -> None:
    command = scim.get_command(scim.make_context("scim", ["tenant"]), name)
    assert command is not None
    assert command.name == name
    assert command.help is not None
    first = " ".join(command.help.split("\n\n")[0].split())
    assert first.startswith(PLACES[name].line)


def test_the_help_loads_no_command() -> None:
    asked = "import sys, scim_cli.root as r; r.scim(['--help'], standalone_mode=False);"
    heavy = "print({'boto3', 'pydantic', 'rich', 'scim', 'scim_cli.admin'} & set(sys.modules))"
    paths = os.pathsep.join(str(Path(each).resolve()) for each in sys.path if each)
    told = subprocess.run(
        [sys.executable, "-c", f"{asked} {heavy}"],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines()[-1] == "set()"
    assert "import" in told.stdout


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(scim, ["--version"])
    assert result.stdout == f"scim, version {__version__}\n"


def test_a_misspelt_command_gets_a_suggestion() -> None:
    result = CliRunner().invoke(scim, ["tokne", "list"])
    assert result.exit_code == 2
    assert "There is no command tokne. Did you mean token?" in result.stderr


@pytest.mark.parametrize("is_unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [("--help",), ("completion", "bash")])
def test_a_failing_output_is_reported_in_one_line(
    words: tuple[str, ...], is_unbuffered: str
) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "scim_cli", *words],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path),
                "PYTHONUNBUFFERED": is_unbuffered,
            },
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (result.returncode, result.stderr) == (1, "Error: No space left on device.\n")


def test_arguments_in_another_encoding_are_refused() -> None:
    words = [
        "users",
        "list",
        "--filter",
        'userName eq "zo\udceb"',
        "--url",
        "http://127.0.0.1:1/scim/v2",
    ]
    result = CliRunner().invoke(scim, words, env={"SCIM_TOKEN": "x"})
    assert result.exit_code == 2
    assert "The command line holds bytes that are not utf-8, at" in result.stderr


def _named(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from _named(command, f"{path} {name}".strip())


def test_every_option_has_a_help_text() -> None:
    silent = [
        f"{path} {option.name}"
        for path, command in _named(scim)
        for option in command.params
        if isinstance(option, click.Option) and not option.help and option.name != "tenant"
    ]
    assert silent == []


def test_the_help_of_a_group_has_a_whole_sentence_for_each_command() -> None:
    for path, command in _named(scim):
        if isinstance(command, click.Group):
            assert "..." not in CliRunner().invoke(scim, [*path.split(), "--help"]).stdout.split(
                "Commands:"
            )[-1].replace("[ARGS]...", ""), path


def test_the_help_shows_default_values() -> None:
    assert "[default: 7d]" in " ".join(
        CliRunner().invoke(scim, ["portal", "link", "--help"]).stdout.split()
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    result = CliRunner().invoke(scim, ["completion", shell])
    assert result.exit_code == 0, result.output
    assert "_SCIM_COMPLETE" in result.stdout


def test_names_are_completed_without_loading_a_command() -> None:
    env = {"_SCIM_COMPLETE": "bash_complete", "COMP_WORDS": "scim to", "COMP_CWORD": "1"}
    result = CliRunner().invoke(scim, [], env=env, prog_name="scim")
    assert result.stdout == "plain,token\n"
