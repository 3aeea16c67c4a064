"""A table's stream, shard by shard, through DynamoDB Streams' own API; records as Lambda shows them."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config

ONE_ADDRESS = Config(account_id_endpoint_mode="disabled")
"""moto knows the region's address only, not those of accounts."""


class TableStream:
    """The stream of a table: each reader has its own place in it."""

    def __init__(self, table: str) -> None:
        self._client = boto3.client("dynamodbstreams", config=ONE_ADDRESS)
        described = boto3.client("dynamodb").describe_table(TableName=table)["Table"]
        self.arn = described["LatestStreamArn"]

    def shards(self) -> list[str]:
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

    def iterator(self, shard: str, kind: str) -> str:
        """Return an iterator from `TRIM_HORIZON` or `LATEST` on."""
        answer = self._client.get_shard_iterator(
            StreamArn=self.arn,
            ShardId=shard,
            ShardIteratorType=kind,
        )
        return str(answer["ShardIterator"])

    def records(self, iterator: str) -> tuple[list[Mapping[str, Any]], str | None]:
        """Return the next records and the iterator behind them, None at a shard's end."""
        answer = self._client.get_records(ShardIterator=iterator, Limit=1000)
        return [_shown(each, self.arn) for each in answer["Records"]], answer.get(
            "NextShardIterator"
        )


class Reader:
    """One event source's place in a stream."""

    def __init__(self, stream: TableStream, *, is_from_latest: bool) -> None:
        self._stream = stream
        kind = "LATEST" if is_from_latest else "TRIM_HORIZON"
        self._iterators: dict[str, str | None] = {
            shard: stream.iterator(shard, kind) for shard in stream.shards()
        }

    def batches(self) -> Iterator[list[Mapping[str, Any]]]:
        """Yield what is new, as many records at a time as a shard hands out."""
        for shard in self._stream.shards():
            if shard not in self._iterators:
                self._iterators[shard] = self._stream.iterator(shard, "TRIM_HORIZON")
            iterator = self._iterators[shard]
            while iterator is not None:
                records, following = self._stream.records(iterator)
                if records:
                    yield records
                self._iterators[shard] = iterator = following
                if not records:
                    break


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
