"""`scim tenant erase` removes everything of a deleted tenant and nothing of another."""

from typing import Any

import boto3
import pytest
from boto3.dynamodb.table import BatchWriter
from click.testing import CliRunner

from local.gateway import Gateway
from scim.access.setup_link import ConsoleSession, SetupLink
from scim.bootstrap.credentials import table_of_credentials
from scim.fsck.mending import checked
from scim.store.access.setup_links import SetupLinks
from scim.store.directory.adapter import DynamoDirectory
from scim_cli.admin import erasure
from scim_cli.connection import Connection
from scim_cli.root import scim
from tests.contract.samples import user
from tests.gateway.access import access_of, make_tenant, secret_of
from tests.gateway.client import USER, Client
from tests.local.cli.conftest import Operator
from tests.local.cli.shell import Shell

KEPT = {"laneEnd", "act"}
NOW, LATER = "2026-11-30T12:00:00.000Z", "2099-12-31T12:00:00.000Z"


def items(gateway: Gateway) -> list[dict[str, Any]]:
    """Return all items of the gateway's table."""
    pages = boto3.client("dynamodb").get_paginator("scan")
    table = gateway.store.tables["Table"]
    return [each for page in pages.paginate(TableName=table) for each in page["Items"]]


def of_tenant(found: list[dict[str, Any]], tenant: str) -> list[dict[str, Any]]:
    """Return the items whose partition names the tenant."""
    return [each for each in found if tenant in each["pk"]["S"].split("#")]


def test_erasing_removes_every_item_of_a_deleted_tenant_and_of_no_other(
    served: tuple[Gateway, int], shell: Shell
) -> None:
    gateway, port = served
    name = shell._tenant
    make_tenant(gateway, f"{name}-2")
    for tenant in (name, f"{name}-2"):
        client = Client(gateway, secret_of(gateway, tenant, "*"))
        ann = client.user("ann")
        client.group("staff", ann["id"])
        client.send("DELETE", f"/Users/{client.user('bob')['id']}")
    file = shell.file("people.ndjson", '{"schemas":["' + USER + '"],"userName":"eve"}\n')
    assert shell.run("import", file).exit_code == 0
    shell.pump()

    def operate(*words: str) -> Any:
        return CliRunner().invoke(scim, [*words, "--local"], env={"PORT": str(port)})

    refused = operate("tenant", "erase", name, "--yes")
    assert refused.exit_code == 1
    assert f"scim tenant delete {name}" in refused.stderr
    assert access_of(gateway).tenants.find(name) is not None
    others = of_tenant(items(gateway), f"{name}-2")
    assert operate("tenant", "delete", name, "--yes").exit_code == 0
    assert len(of_tenant(items(gateway), name)) > 20
    assert "Continue?" in operate("tenant", "erase", name).output
    assert len(of_tenant(items(gateway), name)) > 20
    erased = operate("tenant", "erase", name, "--yes")
    assert (erased.exit_code, erased.stderr.count("that are erased: ")) == (0, 1), erased.output
    left = items(gateway)
    assert {each["k"]["S"] for each in of_tenant(left, name)} == KEPT
    assert of_tenant(left, f"{name}-2") == others
    assert checked(left).wrong == []

    make_tenant(gateway, name)
    client = Client(gateway, secret_of(gateway, name, "*"))
    assert client.send("GET", "/Users").body["totalResults"] == 0
    assert client.user("ann")["userName"] == "ann"


def test_the_act_is_recorded_and_can_be_repeated(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    told = operator.run("tenant", "delete", "acme", "--yes").stderr
    assert "wait a few minutes and run: scim tenant erase acme." in told
    assert operator.json("tenant", "erase", "acme", "--yes") == {"name": "acme", "erased": 0}
    assert "Nothing is stored" in operator.run("tenant", "erase", "acme", "--yes").stderr
    found = operator.client.scan(TableName=operator.table)["Items"]
    assert {each["k"]["S"] for each in found} == {"act"}
    assert "1 to 64" in operator.refusal("tenant", "erase", "a#b", "--yes")


def test_links_to_the_setup_portal_and_their_sessions_are_erased(operator: Operator) -> None:
    links = SetupLinks(table_of_credentials(operator.client, operator.table))
    for tenant, hashed in (("acme", "a" * 64), ("globex", "b" * 64)):
        operator.run("tenant", "create", tenant)
        link = SetupLink("l1", tenant, NOW, LATER, 3600, contact="ann@customer.example")
        links.save(hashed, link)
        assert links.exchange(hashed, ConsoleSession(hashed, NOW, LATER))
    operator.run("tenant", "delete", "acme", "--yes")
    assert operator.json("tenant", "erase", "acme", "--yes")["erased"] > 0
    found = operator.client.scan(TableName=operator.table)["Items"]
    assert checked(found).wrong == []
    assert links.find("a" * 64) is None
    assert links.session("a" * 64) is None
    assert links.find("b" * 64) is not None
    assert links.session("b" * 64) is not None


@pytest.fixture(params=[False, True], ids=["in order", "reversed"])
def scanned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB scans a table in any order; moto in that of the keys."""
    opened = Connection.patient_client.fget

    def patient_client(connection: Connection) -> Any:
        client = opened(connection)
        if request.param:
            turn = "after-call.dynamodb.Scan"
            client.meta.events.register(turn, lambda parsed, **_: parsed["Items"].reverse())
        return client

    monkeypatch.setattr(Connection, "patient_client", property(patient_client))


@pytest.mark.usefixtures("scanned")
@pytest.mark.parametrize("deletions", [1, 2])
def test_sessions_of_links_are_erased_after_an_interruption(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, deletions: int
) -> None:
    left = [deletions]

    class Interrupted(BatchWriter):
        def delete_item(self, Key: Any) -> None:  # noqa: N803 - boto3's name
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            super().delete_item(Key=Key)

    links = SetupLinks(table_of_credentials(operator.client, operator.table))
    operator.run("tenant", "create", "acme")
    links.save("a" * 64, SetupLink("l1", "acme", NOW, LATER, 3600))
    assert links.exchange("a" * 64, ConsoleSession("a" * 64, NOW, LATER))
    operator.run("tenant", "delete", "acme", "--yes")
    with monkeypatch.context() as patched:
        patched.setattr(erasure, "BatchWriter", Interrupted)
        assert operator.run("tenant", "erase", "acme", "--yes").exit_code == 1
    operator.run("tenant", "erase", "acme", "--yes")
    found = operator.client.scan(TableName=operator.table)["Items"]
    assert {each["k"]["S"] for each in found} == {"act"}


def test_one_request_that_fails_does_not_end_it(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients: list[Any] = []

    class Noting(BatchWriter):
        def __init__(self, table: str, client: Any) -> None:
            clients.append(client)
            super().__init__(table, client)

    monkeypatch.setattr(erasure, "BatchWriter", Noting)
    DynamoDirectory(operator.client, operator.table).create("acme", user("ann"))
    assert operator.json("tenant", "erase", "acme", "--yes")["erased"] > 0
    assert clients[0].meta.config.retries["total_max_attempts"] >= 5
