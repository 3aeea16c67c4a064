"""A resource whose item has no room for another link stops no other change."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from scim.errors import PayloadTooLarge
from scim.resource.change import Creation, Restoration
from scim.resource.record import Key
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.resource_item import packed_id
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import Outgrown, Write
from scim.store.keys.directory import journals_partition, resource_key
from scim.store.keys.kept import rejoin_key
from tests.contract.samples import MUCH_LATER, deletion_of, entries_of, group, joining, user
from tests.contract.stores import local_client, new_table
from tests.scim.store.faults import full

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WIDTH = 2
STAFF = Key("Group", "8b2a3f0e-5d1c-4f7a-9a63-0c5f1d2e7b44")
PEOPLE = [Key("User", f"user{n}") for n in range(7)]
FULL, *OTHERS = PEOPLE
FULL_ITEM = resource_key("acme", FULL)
UNTIL = 1_790_000_000


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    directory = DynamoDirectory(client, table_name, width=WIDTH)
    for key in PEOPLE:
        directory.create("acme", replace(user(key.id), key=key))
    return directory


def all_join(directory: DynamoDirectory) -> None:
    """Add everybody to the empty group, in several slices."""
    directory.create("acme", replace(group("staff"), key=STAFF))
    directory.update("acme", joining(directory.read_latest("acme", [STAFF])[STAFF], *PEOPLE))


def members(directory: DynamoDirectory) -> set[str]:
    """Return the members of the settled group, as they and the group itself say."""
    people = directory.read_latest("acme", PEOPLE).values()
    found = {each.key.id for each in people if any(each.links.values())}
    staff = directory.read_latest("acme", [STAFF])[STAFF]
    assert (staff.counts.get("members", 0), staff.is_unsettled) == (len(found), False)
    return found


def ids_of(keys: list[Key]) -> set[str]:
    return {key.id for key in keys}


def test_a_large_change_is_completed_without_a_target_that_became_full(
    client: "DynamoDBClient", directory: DynamoDirectory, table: Table
) -> None:
    with full(client, FULL_ITEM):
        all_join(directory)
        assert members(directory) == ids_of(OTHERS)
    assert table.rows(journals_partition("acme")).items == []


def test_several_full_targets_of_one_slice_are_left_out(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    with full(client, *(resource_key("acme", each) for each in PEOPLE[:3])):
        all_join(directory)
        assert members(directory) == ids_of(PEOPLE[3:])


def test_a_small_change_with_a_full_target_changes_nothing(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    directory.create("acme", replace(group("staff"), key=STAFF))
    staff = directory.read_latest("acme", [STAFF])[STAFF]
    with full(client, FULL_ITEM), pytest.raises(PayloadTooLarge, match="linked to too often"):
        directory.update("acme", joining(staff, *PEOPLE[:2]))
    assert members(directory) == set()


def test_a_restored_group_leaves_out_a_member_that_became_full(
    client: "DynamoDBClient", directory: DynamoDirectory, table: Table
) -> None:
    all_join(directory)
    record = directory.read_latest("acme", [STAFF])[STAFF]
    directory.delete("acme", replace(deletion_of(record), kept_until=UNTIL))
    kept = directory.kept("acme", STAFF, MUCH_LATER)
    assert kept is not None
    restores = Restoration(kept.version, kept.created)
    entries = entries_of(kept.body)
    with full(client, FULL_ITEM):
        directory.create("acme", Creation(STAFF, kept.body, entries, MUCH_LATER, restores=restores))
        assert members(directory) == ids_of(OTHERS)
    assert table.item(rejoin_key("acme", STAFF)) is None


@pytest.fixture(scope="module")
def real() -> Iterator["DynamoDBClient"]:
    with local_client() as dynamodb:
        yield dynamodb


@pytest.mark.dynamodb
def test_dynamodb_says_which_item_has_no_room(real: "DynamoDBClient") -> None:
    name = new_table(real)
    table = Table(real, name, Meter(), Retry())
    directory = DynamoDirectory(real, name, width=WIDTH)
    for key in PEOPLE:
        directory.create("acme", replace(user(key.id), key=key))
    refusals: list[Outgrown] = []
    for number in (20_000, 4_000, *[100] * 6, *[10] * 11, *[1] * 11):
        links = frozenset(packed_id(str(uuid4())) for _ in range(number))
        try:
            table.write([Write("Update", FULL_ITEM, adds={"g.Group.members": links})])
        except Outgrown as refused:
            refusals.append(refused)
    assert {refused.item_keys for refused in refusals[-2:]} == {frozenset({FULL_ITEM})}
    assert directory.read_latest("acme", [FULL])[FULL].is_full
    all_join(directory)
    staff = directory.read_latest("acme", [STAFF])[STAFF]
    assert (staff.counts, staff.is_unsettled) == ({"members": len(OTHERS)}, False)
