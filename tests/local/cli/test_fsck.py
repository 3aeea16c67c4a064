"""`scim fsck` says what is wrong, and ends accordingly."""

from scim.store.directory.adapter import DynamoDirectory
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
