"""Every command exits as the table in docs/command-line.md says."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from local.http import Answer
from local.server import Server
from scim_cli.root import scim

ID = "2819c223-7f76-453a-919d-413861904646"
NOWHERE = "http://127.0.0.1:9"
VALUES = {
    "--tenant": "acme",
    "--scheme": "bearer",
    "--rate": "5",
    "--stack": "scim-none",
    "NAME": "acme",
    "TENANT": "acme",
    "TOKEN_ID": "abc",
    "LINK_ID": "abc",
    "CLIENT_ID": "abc",
    "DOCUMENT": "document.json",
    "DIRECTORY": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
    "ISSUER": "https://issuer.example",
    "FILE": "document.json",
    "VERSION": "1",
    "REVISION": "1",
    "ID": ID,
    "ID...": ID,
    "ENDPOINT/ID": f"Users/{ID}",
    "URL": "https://receiver.example/events",
    "TOKEN": "t" * 50,
    "PROVIDER": "okta",
    "SHELL": "bash",
}
"""A value for each argument and option that some command requires, by its name."""
MORE = {
    "console revoke": ("abc",),
    "destroy": ("--yes", "scim-none"),
    "export": ("--force", "--format", "ndjson"),
    "feed set": ("--on",),
    "groups create": ("displayName=a",),
    "groups patch": ("displayName=b",),
    "import": ("--format", "ndjson"),
    "request-log set": ("--on",),
    "simulate": ("--pace", "0"),
    "tenant delete": ("--yes",),
    "tenant erase": ("--yes",),
    "undo": ("--job", "abc"),
    "users create": ("userName=a",),
    "users patch": ("active=false",),
}
"""What a command needs beyond what it requires by itself."""


@dataclass(frozen=True)
class Leaf:
    """A command that does something, with the words that call it."""

    words: tuple[str, ...]
    command: click.Command

    @property
    def options(self) -> set[str]:
        return {name for parameter in self.command.params for name in parameter.opts}

    def sound(self, url: str) -> list[str]:
        """Return a command line without an error, whose server is at this URL."""
        line = list(self.words)
        for parameter in self.command.params:
            if parameter.required and isinstance(parameter, click.Option):
                line += [parameter.opts[0], VALUES[parameter.opts[0]]]
            elif parameter.required:
                name = parameter.human_readable_name
                line.append(f"{url}/scim/v2" if name == "BASE" else VALUES[name])
        return [*line, *MORE.get(" ".join(self.words), ())]


def leaves_of(command: click.Command, words: tuple[str, ...]) -> Iterator[Leaf]:
    if not isinstance(command, click.Group):
        yield Leaf(words, command)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from leaves_of(below, (*words, name))


LEAVES = list(leaves_of(scim, ()))
AWS = [leaf for leaf in LEAVES if "--stack" in leaf.options]
AT_BASE = [leaf for leaf in LEAVES if leaf.words in {("conform",), ("test-connection",)}]
SERVED = [leaf for leaf in LEAVES if "--token-file" in leaf.options and leaf not in AT_BASE]
LOCAL = [leaf for leaf in LEAVES if "--local" in leaf.options]


def ids_of(leaf: Leaf) -> str:
    return " ".join(leaf.words)


@pytest.fixture(autouse=True)
def _nothing_but_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "document.json").write_text('{"userName": "a"}\n')


def run(line: list[str], environment: Mapping[str, str]) -> Result:
    result = CliRunner().invoke(scim, line, env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("leaf", LEAVES, ids=ids_of)
def test_a_wrong_command_line_is_2(leaf: Leaf) -> None:
    assert run([*leaf.words, "--no-such-option"], {}).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("users", "create", "--file", "broken.json"),
        ("users", "create", "--file", "binary.json"),
        ("import", "document.json", "--format", "csv", "--mapping", "list.json"),
        ("import", "document.json", "--format", "csv", "--mapping", "broken.json"),
        ("export", "document.json", "--format", "ndjson"),
    ],
    ids=" ".join,
)
def test_a_file_that_no_service_could_use_is_2(words: tuple[str, ...]) -> None:
    Path("list.json").write_text("[]")
    Path("broken.json").write_text("{")
    Path("binary.json").write_bytes(b"\xff\x00")
    result = run([*words, "--local"], {"PORT": "9", "SCIM_TOKEN": "t" * 50})
    assert result.exit_code == 2, result.output


@pytest.mark.sampled(5)
@pytest.mark.parametrize("leaf", AWS, ids=ids_of)
def test_a_command_without_aws_credentials_is_3(leaf: Leaf) -> None:
    line = leaf.sound(NOWHERE)
    stack = [] if "--stack" in line else ["--stack", "scim-none"]
    result = run([*line, *stack], {})
    assert result.exit_code == 3, result.output
    assert "credentials" in result.output


@pytest.mark.sampled(5)
@pytest.mark.parametrize("leaf", [*LOCAL, *AT_BASE], ids=ids_of)
def test_a_service_that_cannot_be_reached_is_4(leaf: Leaf) -> None:
    here = ["--local"] if leaf in LOCAL else []
    result = run([*leaf.sound(NOWHERE), *here], {"PORT": "9", "SCIM_TOKEN": "t" * 50})
    assert result.exit_code == 4, result.output


@pytest.fixture(name="refusing", scope="module")
def _refusing() -> Iterator[Server]:
    with Server(0) as server, server.serving(server.answer):
        yield server


@pytest.mark.sampled(5)
@pytest.mark.parametrize("status", [401, 403, 500])
@pytest.mark.parametrize("leaf", [*SERVED, *AT_BASE], ids=ids_of)
def test_what_the_service_refuses_or_fails_to_do_is_1(
    leaf: Leaf, refusing: Server, status: int
) -> None:
    body = json.dumps({"status": str(status), "detail": "Not today."}).encode()
    refusing.answer = lambda _: Answer(status, (("Content-Type", "application/json"),), body)
    url = f"http://127.0.0.1:{refusing.server_address[1]}"
    at = ["--url", f"{url}/scim/v2"] if "--url" in leaf.options else []
    result = run([*leaf.sound(url), *at], {"SCIM_TOKEN": "t" * 50})
    assert result.exit_code == 1, result.output
