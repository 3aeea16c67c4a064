"""What the port `Lists` promises is fulfilled by the store and by the fake; its rules are a contract's."""

import inspect
from typing import Any

import pytest

from scim.service.ports import IdStretch, Lists, RecordStretch, Spending
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.lists import DynamoLists
from scim.store.directory.ranges import IdStretch as StoredIds
from scim.store.directory.ranges import RecordStretch as StoredRecords
from scim.store.dynamodb.capacity import Cost
from tests.fakes.lists import FakeLists, Places, Records, Spent

PROMISED = sorted(name for name in vars(Lists) if not name.startswith("_"))


@pytest.mark.parametrize("name", PROMISED)
@pytest.mark.parametrize("made", [DynamoLists, DynamoDirectory, FakeLists])
def test_who_implements_the_port_takes_what_it_says(made: type[Any], name: str) -> None:
    promised = inspect.signature(getattr(Lists, name)).parameters
    assert list(inspect.signature(getattr(made, name)).parameters) == list(promised)


def test_what_comes_back_has_what_the_port_says() -> None:
    records: list[RecordStretch] = [StoredRecords([], False), Records([], False)]
    ids: list[IdStretch] = [StoredIds([], True), Places([], True)]
    spent: list[Spending] = [Cost(2, 0.5), Spent(2, 0.5)]
    assert [(len(each.records), each.has_more) for each in records] == [(0, False)] * 2
    assert [(len(each.places), each.has_more) for each in ids] == [(0, True)] * 2
    assert [(each.round_trips, each.rcu) for each in spent] == [(2, 0.5)] * 2
