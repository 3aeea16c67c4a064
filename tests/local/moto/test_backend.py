"""The memory of a long-running service depends on what its table holds now."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamRecord
from moto.dynamodbstreams.models import ShardIterator

from local.moto import backend
from local.streams.shards import Reader, TableStream
from tests.local.moto.things import NAME, streaming_table


@pytest.fixture(name="client", autouse=True)
def _client() -> Iterator[Any]:
    with streaming_table() as client:
        gc.freeze()  # what other tests have left is not searched
        yield client


def _put(client: Any, number: int) -> None:
    item = {"pk": {"S": "one"}, "sk": {"S": "item"}, "n": {"N": str(number)}}
    client.put_item(TableName=NAME, Item=item)


def _alive(kind: type) -> int:
    gc.collect()
    return sum(type(each) is kind for each in gc.get_objects())


def _numbers(reader: Reader) -> list[int]:
    return [
        int(record["dynamodb"]["NewImage"]["n"]["N"])
        for records in reader.batches()
        for record in records
    ]


def test_earlier_states_of_an_item_are_not_kept(client: Any) -> None:
    before = _alive(Item)
    for number in range(20):
        _put(client, number)
    assert _alive(Item) - before == 1


def test_a_stream_in_which_nothing_happens_needs_no_more_memory() -> None:
    reader = Reader(TableStream(NAME), is_from_latest=False)
    assert _numbers(reader) == []
    before = _alive(ShardIterator)
    for _ in range(20):
        assert _numbers(reader) == []
    assert _alive(ShardIterator) == before


def test_old_records_go_when_all_readers_have_read_them(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "KEPT", 5)
    before = _alive(StreamRecord)
    quick, slow = (Reader(TableStream(NAME), is_from_latest=False) for _ in range(2))
    assert _numbers(slow) == []
    for number in range(20):
        _put(client, number)
        assert _numbers(quick) == [number]
    assert _alive(StreamRecord) - before == 20
    assert _numbers(slow) == [*range(20)]
    _put(client, 20)
    assert (_numbers(quick), _numbers(slow)) == ([20], [20])
    assert _alive(StreamRecord) - before == 5
    assert _numbers(Reader(TableStream(NAME), is_from_latest=False)) == [*range(16, 21)]
