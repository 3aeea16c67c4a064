"""The command line of the check says what is wrong and ends accordingly."""

import pytest

from local.environment import environment
from local.fsck.__main__ import main
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.samples import user
from tests.contract.stores import moto_client, new_table

NOBODY = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def test_a_table_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    with moto_client() as client, environment(NOBODY):
        table = new_table(client)
        directory = DynamoDirectory(client, table)
        directory.create("acme", ann := user("ann"))
        assert main(["--table", table]) == 0
        assert capsys.readouterr().out == "3 items, 0 open jobs, 0 violations\n"
        key = {"pk": {"S": "T#acme#User"}, "sk": {"S": ann.key.id}}
        client.delete_item(TableName=table, Key=key)
        assert main(["--table", table]) == 1
        assert "counters say 1, 0 live" in capsys.readouterr().out
