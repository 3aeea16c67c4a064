"""A command names its deployment and says in one line why it cannot be reached."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner

from scim_cli.root import SECTIONS, scim
from tests.fakes.cloudformation import cloudformation
from tests.local.cli.conftest import Operator


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(scim, list(words))
    return result.exit_code, result.output


def test_one_way_to_name_the_deployment_is_needed(operator: Operator) -> None:
    for words in ((), ("--table", "t", "--stack", "s")):
        code, output = _run("tenant", "list", *words)
        assert code == 2
        assert "one of --table, --stack, --local" in output


def test_a_missing_table_is_reported_in_one_line(operator: Operator) -> None:
    code, output = _run("tenant", "list", "--table", "nothing")
    assert code == 1
    assert output.startswith("Error: ")
    assert len(output.splitlines()) == 1


@pytest.fixture(name="stacks")
def _stacks(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    url = {"Url": "https://x.example"}
    stacks = {"scim-prod": {**url, "TableName": operator.table}, "shop": url, "empty": {}}
    with cloudformation(stacks) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", address)
        yield


def test_a_stack_is_its_table(operator: Operator, stacks: None) -> None:
    assert _run("tenant", "create", "acme", "--stack", "scim-prod")[0] == 0
    assert [each["name"] for each in operator.json("tenant", "list")] == ["acme"]


@pytest.mark.parametrize("name", ["shop", "empty"])
def test_a_stack_without_a_table_is_reported_in_one_line(stacks: None, name: str) -> None:
    code, output = _run("tenant", "list", "--stack", name)
    assert (code, output) == (1, f"Error: The stack {name} has no output TableName.\n")


def test_a_missing_stack_is_reported_in_one_line(stacks: None) -> None:
    code, output = _run("tenant", "list", "--stack", "nothing")
    assert code == 1
    assert output.startswith("Error: ")
    assert "nothing does not exist" in output
    assert len(output.splitlines()) == 1


class _Pages(BaseHTTPRequestHandler):
    """Answers every POST with a page."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html></html>")


@pytest.mark.parametrize("handler", [BaseHTTPRequestHandler, _Pages])
def test_another_server_at_the_port_is_recognized(
    handler: type[BaseHTTPRequestHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        monkeypatch.setenv("PORT", str(other.server_port))
        code, output = _run("tenant", "list", "--local")
        other.shutdown()
    assert code == 1
    assert (
        f"What answers at 127.0.0.1:{other.server_port} is not the service of make run;" in output
    )


OPERATORS = {"--table", "--stack", "--local", "--endpoint-url"}
CLIENTS = {"--url", "--local"}
OF_CLIENTS = {
    "import", "export", "job", "users", "groups", "requests", "events", "simulate", "undo",
    "undelete",
}  # fmt: skip
"""Who uses the service itself has its address and a token; all others the table."""
OF_NOBODY = {"doctor", "test-connection", "conform", "resource", "completion", "destroy"}
NAMES = [name for section in SECTIONS.values() for name in section if name not in OF_NOBODY]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_answers_in_json_and_can_name_a_stack(name: str) -> None:
    group = scim.get_command(scim.make_context("scim", ["tenant"]), name)
    where = CLIENTS if name in OF_CLIENTS else OPERATORS
    for word, command in getattr(group, "commands", {"": group}).items():
        options = {option for each in command.params for option in each.opts}
        assert {"--json", "--output", *where} <= options, (name, word)
