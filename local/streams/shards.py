"""A table's stream, shard by shard, through DynamoDB Streams' own API; records are in Lambda's form."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from local.clients import client

Record = Mapping[str, Any]


class TableStream:
    """The stream of a table. It is read once for all its readers, which each have their own position."""

    def __init__(self, table: str) -> None:
        self._client = client("dynamodbstreams")
        described = client("dynamodb").describe_table(TableName=table)["Table"]
        self.arn = described["LatestStreamArn"]
        self._iterators: dict[str, str | None] = {}
        self._last_read: dict[str, str] = {}
        self._may_have_grown = True
        self._pages: list[list[Record]] = []
        self._forgotten = 0
        self._readers: list[Reader] = []

    def add(self, reader: "Reader") -> None:
        """Add a reader: pages that it has not read are kept."""
        self._readers.append(reader)

    @property
    def end(self) -> int:
        """Return the number of pages read from the stream so far."""
        return self._forgotten + len(self._pages)

    def read(self) -> int:
        """Read what is new in all shards; return the number of pages read so far."""
        if self._may_have_grown:
            new = [shard for shard in self._shards() if shard not in self._iterators]
            self._iterators |= {shard: self._iterator(shard) for shard in new}
            self._may_have_grown = False
        for shard, iterator in self._iterators.items():
            if iterator is not None:
                self._iterators[shard] = following = self._read_on(shard, iterator)
                # When a shard ends, its successors exist.
                self._may_have_grown |= following is None
        return self.end

    def page(self, number: int) -> list[Record]:
        """Return a page of one shard; the first page is 0. It must not have been forgotten."""
        return self._pages[number - self._forgotten]

    def forget(self) -> None:
        """Drop the pages that all readers have read."""
        had = min(reader.place for reader in self._readers) - self._forgotten
        del self._pages[:had]
        self._forgotten += had

    def _read_on(self, shard: str, iterator: str | None) -> str | None:
        """Read a shard's new records; return the next iterator, None at the shard's end."""
        while iterator is not None:
            try:
                answer = self._client.get_records(ShardIterator=iterator, Limit=1000)
            except self._client.exceptions.ExpiredIteratorException:
                # An iterator lives for 15 minutes; a machine may sleep for longer.
                iterator = self._iterator(shard)
                continue
            iterator = answer.get("NextShardIterator")
            records = answer["Records"]
            if not records:
                break
            self._pages.append([_shown(each, self.arn) for each in records])
            self._last_read[shard] = records[-1]["dynamodb"]["SequenceNumber"]
        return iterator

    def _shards(self) -> list[str]:
        """Return the ids of all shards, each after its parent."""
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

    def _iterator(self, shard: str) -> str:
        """Return an iterator after the last record that was read, or at the shard's beginning."""
        last = self._last_read.get(shard)
        place: Any = (
            {"ShardIteratorType": "TRIM_HORIZON"}
            if last is None
            else {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last}
        )
        answer = self._client.get_shard_iterator(StreamArn=self.arn, ShardId=shard, **place)
        return str(answer["ShardIterator"])


class Reader:
    """One event source's position in a stream: the number of the next page."""

    def __init__(self, stream: TableStream, *, is_from_latest: bool) -> None:
        self._stream = stream
        self.place = stream.read() if is_from_latest else 0
        stream.add(self)

    def batches(self) -> Iterator[list[Record]]:
        """Yield the new records, in the pages in which a shard returns them."""
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
