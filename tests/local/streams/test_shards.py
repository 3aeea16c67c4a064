"""Reading a stream continues where it ended, also after the machine has slept."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.streams.shards import Reader, TableStream
from tests.local.moto.things import NAME, streaming_table


@pytest.fixture(name="client")
def _client() -> Iterator[Any]:
    with streaming_table() as client:
        yield client


def _put(client: Any, *numbers: int) -> None:
    for number in numbers:
        client.put_item(TableName=NAME, Item={"pk": {"S": str(number)}, "sk": {"S": "item"}})


def _numbers(reader: Reader) -> list[int]:
    return [
        int(record["dynamodb"]["Keys"]["pk"]["S"])
        for records in reader.batches()
        for record in records
    ]


@pytest.mark.parametrize("read_before", [(), (1, 2)])
def test_an_iterator_that_has_expired_is_replaced(
    client: Any, monkeypatch: pytest.MonkeyPatch, read_before: tuple[int, ...]
) -> None:
    stream = TableStream(NAME)
    reader = Reader(stream, is_from_latest=False)
    _put(client, *read_before)
    assert _numbers(reader) == [*read_before]
    _put(client, 3, 4)
    usual, expired = stream._client.get_records, list(stream._iterators.values())

    def get_records(**request: Any) -> Any:
        if request["ShardIterator"] in expired:
            error: Any = {"Error": {"Code": "ExpiredIteratorException", "Message": "too old"}}
            raise stream._client.exceptions.ExpiredIteratorException(error, "GetRecords")
        return usual(**request)

    monkeypatch.setattr(stream._client, "get_records", get_records)
    assert _numbers(reader) == [3, 4]
    _put(client, 5)
    assert _numbers(reader) == [5]
