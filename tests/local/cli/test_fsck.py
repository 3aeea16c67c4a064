"""`scim fsck` says what is wrong, and ends accordingly."""

from typing import Any

import pytest

from scim.fsck.mending import CheckReport
from scim.store.directory.adapter import DynamoDirectory
from scim_cli import fsck
from tests.contract.samples import user
from tests.local.cli.conftest import Operator


def test_a_table_is_checked(operator: Operator) -> None:
    directory = DynamoDirectory(operator.client, operator.table)
    directory.create("acme", ann := user("ann"))
    sound = operator.run("fsck")
    assert (sound.exit_code, sound.stdout) == (0, "3 items, 0 open jobs, 0 violations\n")
    key = {"pk": {"S": "T#acme#User"}, "sk": {"S": ann.key.id}}
    operator.client.delete_item(TableName=operator.table, Key=key)
    broken = operator.run("fsck", "--json")
    assert broken.exit_code == 1
    assert "counters say 1, 0 live" in broken.stdout


def test_a_reading_of_minutes_does_not_end_with_one_request_that_fails(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Any] = []

    def report(client: Any, _table: str) -> CheckReport:
        used.append(client)
        return CheckReport(0, 0, [])

    monkeypatch.setattr(fsck, "confirmed_report", report)
    assert operator.run("fsck").exit_code == 0
    settings = used[0].meta.config
    assert settings.retries["total_max_attempts"] >= 5
    assert settings.read_timeout >= 30
