"""The meter adds up, and counts what DynamoDB counts."""

from typing import TYPE_CHECKING

import pytest

from scim.resource.access_path import Direction, IndexValue
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Cost, Meter
from tests.contract.samples import deletion_of, group, user
from tests.contract.stores import local_client, new_table, reported

if TYPE_CHECKING:
    pass

T = "acme"


def test_costs_add_up_until_reset() -> None:
    meter = Meter()
    meter.add(Cost(1, 0.5, 0))
    meter.add(Cost(1, 0, 6))
    assert meter.reading() == Cost(2, 0.5, 6)
    meter.reset()
    assert meter.reading() == Cost()


@pytest.mark.dynamodb
def test_reads_are_counted_as_dynamodb_counts_them() -> None:
    with local_client() as client:
        directory = DynamoDirectory(client, new_table(client))
        people = [user(f"u{n}", bio="x" * 50 * n) for n in range(30)]
        for person in people:
            directory.create(T, person)
        directory.create(T, staff := group("staff", [person.key for person in people]))
        directory.meter.reset()
        with reported(client) as units:
            directory.read(T, people[9].key)
            directory.read_latest(T, [people[9].key])
            directory.read_latest(T, [person.key for person in people])
            directory.records(T, "User", Direction.UP, None, 20)
            directory.edges(T, staff.key, "members", Direction.UP, None, 100)
            directory.ids(T, IndexValue("User", "userName", "u7"), Direction.UP, None, 2)
            directory.count(T, "User")
        # One query finds nothing (no open jobs): DynamoDB charges for it, its emulator does not.
        assert directory.meter.reading().rcu == sum(units.values()) + 1


@pytest.mark.dynamodb
def test_writes_are_counted_half_of_what_dynamodb_local_reports() -> None:
    # DynamoDB Local counts transactions twice over, and the index in transactional units, too.
    with local_client() as client:
        directory = DynamoDirectory(client, new_table(client))
        ann = user("ann")
        with reported(client) as units:
            directory.create(T, ann)
            directory.delete(T, deletion_of(directory.read_latest(T, [ann.key])[ann.key]))
        local = units["TransactWriteItems"] / 2
        assert abs(directory.meter.reading().wcu - local) <= 4
