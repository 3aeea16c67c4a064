"""The command line on a table of its own, and what it answers."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from local.apis import answering
from local.gateway import Gateway
from local.server import Server
from scim.bootstrap.access import Access, access_in
from scim_cli import progress
from scim_cli.root import scim
from tests.contract.stores import moto_client, new_table
from tests.local.cli.shell import Shell

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Operator:
    """Runs commands on one table."""

    client: "DynamoDBClient"
    table: str

    @property
    def access(self) -> Access:
        return access_in(self.client, self.table)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(scim, [*words, "--table", self.table])

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def refusal(self, *words: str) -> str:
        result = self.run(*words)
        assert result.exit_code != 0, result.output
        assert result.stdout == ""
        return result.stderr


@pytest.fixture(name="client")
def _client() -> Iterator["DynamoDBClient"]:
    """One for each test: as long as it is there, a gateway of this process reads its tables."""
    with moto_client() as client:
        yield client


@pytest.fixture(name="operator")
def _operator(client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> Operator:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return Operator(client, new_table(client))


@pytest.fixture(name="served", scope="module")
def _served() -> Iterator[tuple[Gateway, int]]:
    with (
        Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway,
        Server(0) as server,
        server.serving(answering(gateway, None)),
    ):
        yield gateway, server.server_address[1]


@pytest.fixture(name="shell")
def _shell(
    served: tuple[Gateway, int],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shell]:
    monkeypatch.setattr(progress, "EVERY", 0.05)
    with closing(Shell(served, tmp_path, f"t{abs(hash(request.node.name)) % 10**9}")) as shell:
        yield shell
