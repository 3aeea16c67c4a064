"""A table's stream, shard by shard, through DynamoDB Streams' own API; records as Lambda shows them."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from local.clients import client

Record = Mapping[str, Any]


class TableStream:
    """The stream of a table, read once for all its readers: each has its own place in it."""

    def __init__(self, table: str) -> None:
        self._client = client("dynamodbstreams")
        described = client("dynamodb").describe_table(TableName=table)["Table"]
        self.arn = described["LatestStreamArn"]
        self._iterators: dict[str, str | None] = {}
        self._may_have_grown = True
        self._pages: list[list[Record]] = []
        self._forgotten = 0
        self._readers: list[Reader] = []

    def add(self, reader: "Reader") -> None:
        """Let a reader take part: what it has not had yet is kept."""
        self._readers.append(reader)

    @property
    def end(self) -> int:
        """Return the number of pages that have been read."""
        return self._forgotten + len(self._pages)

    def read(self) -> int:
        """Take in what is new in all shards; return the number of pages that have been read."""
        if self._may_have_grown:
            new = [shard for shard in self._shards() if shard not in self._iterators]
            self._iterators |= {shard: self._start_of(shard) for shard in new}
            self._may_have_grown = False
        for shard, iterator in self._iterators.items():
            if iterator is not None:
                self._iterators[shard] = following = self._read_on(iterator)
                # The shards that come after a shard are there from its end on.
                self._may_have_grown |= following is None
        return self.end

    def page(self, number: int) -> list[Record]:
        """Return a page of one shard that a reader has not had yet, the first being 0."""
        return self._pages[number - self._forgotten]

    def forget(self) -> None:
        """Let go of the pages that all readers have had."""
        had = min(reader.place for reader in self._readers) - self._forgotten
        del self._pages[:had]
        self._forgotten += had

    def _read_on(self, iterator: str | None) -> str | None:
        """Take in a shard's records; return the iterator behind them, None at the shard's end."""
        while iterator is not None:
            answer = self._client.get_records(ShardIterator=iterator, Limit=1000)
            iterator = answer.get("NextShardIterator")
            if not answer["Records"]:
                break
            self._pages.append([_shown(each, self.arn) for each in answer["Records"]])
        return iterator

    def _shards(self) -> list[str]:
        """Return the ids of all shards, each behind the one it came from."""
        found: list[dict[str, Any]] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._client.describe_stream(StreamArn=self.arn, **start)["StreamDescription"]
            found += answer["Shards"]
            if "LastEvaluatedShardId" not in answer:
                break
            start = {"ExclusiveStartShardId": answer["LastEvaluatedShardId"]}
        known = {each["ShardId"] for each in found}
        ordered: list[str] = []
        while len(ordered) < len(found):
            ordered += [
                each["ShardId"]
                for each in found
                if each["ShardId"] not in ordered
                and (each.get("ParentShardId") not in known or each["ParentShardId"] in ordered)
            ]
        return ordered

    def _start_of(self, shard: str) -> str:
        answer = self._client.get_shard_iterator(
            StreamArn=self.arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )
        return str(answer["ShardIterator"])


class Reader:
    """One event source's place in a stream: the number of the next page."""

    def __init__(self, stream: TableStream, *, is_from_latest: bool) -> None:
        self._stream = stream
        self.place = stream.read() if is_from_latest else 0
        stream.add(self)

    def batches(self) -> Iterator[list[Record]]:
        """Yield what is new, as many records at a time as a shard hands out."""
        while self.place < self._stream.end or self.place < self._stream.read():
            yield self._stream.page(self.place)
            self.place += 1
            self._stream.forget()


def _shown(record: Any, arn: str) -> dict[str, Any]:
    change = {name: _plain(value) for name, value in record["dynamodb"].items()}
    return {**record, "eventSourceARN": arn, "dynamodb": change}


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return b64encode(value).decode()
        case datetime():
            return value.timestamp()
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            return value
