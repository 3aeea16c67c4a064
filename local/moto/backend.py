"""A backend of quick tables, which undoes transactions item by item, and one of streams that end."""

from collections import defaultdict
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodbstreams.models import DynamoDBStreamsBackend

from local.moto.partition import Partition
from local.moto.table import QuickTable

KEPT = 10_000
"""Records of a stream that stay although all its readers have read them; DynamoDB keeps them for a day."""


class QuickBackend(DynamoDBBackend):
    """moto's backend. When a transaction is undone, its stream records are removed too."""

    __module__ = DynamoDBBackend.__module__  # moto finds a backend's URLs by it

    def create_table(self, *args: Any, **properties: Any) -> Table:
        table = super().create_table(*args, **properties)
        if table.has_range_key:
            table.__class__ = QuickTable  # type: ignore[type-abstract] # as abstract as moto's own
            table.items = defaultdict(Partition)
        return table

    def transact_write_items(self, transact_items: list[dict[str, Any]]) -> None:
        before = [
            self._touched(operation) for action in transact_items for operation in action.values()
        ]
        try:
            super().transact_write_items(transact_items)
        except BaseException:
            for undo in before:
                undo()
            raise

    def _touched(self, operation: dict[str, Any]) -> Callable[[], None]:
        table = self.tables.get(operation["TableName"])
        if not isinstance(table, QuickTable):
            return lambda: None  # moto copies and restores a plain table.
        named = operation.get("Item") or operation.get("Key") or {}
        if not {table.hash_key_attr, table.range_key_attr} <= named.keys():
            return lambda: None  # There is no key, so moto refuses the operation.
        hash_key, range_key = (
            DynamoType(named[table.hash_key_attr]),
            DynamoType(named[table.range_key_attr]),
        )
        before = deepcopy(table.get_item(hash_key, range_key))
        stream = [] if table.stream_shard is None else table.stream_shard.items
        length = len(stream)

        def undo() -> None:
            del stream[length:]
            if before is None:
                table.items[hash_key].pop(range_key, None)
            else:
                table.items[hash_key][range_key] = before

        return undo


class ForgettingStreams(DynamoDBStreamsBackend):
    """moto's backend of streams, which keeps no iterator that was used and no old record that all have read.

    moto keeps all of them: a service that nobody uses reads its stream five times a second.
    """

    __module__ = DynamoDBStreamsBackend.__module__

    def get_records(self, iterator_arn: str, limit: int) -> dict[str, Any]:
        answer = super().get_records(iterator_arn, limit)
        shard = self.shard_iterators.pop(iterator_arn).stream_shard
        furthest_behind = min(
            int(iterator.sequence_number)
            for iterator in self.shard_iterators.values()
            if iterator.stream_shard is shard
        )
        excess = furthest_behind - shard.starting_sequence_number - KEPT
        if excess > 0:
            del shard.items[:excess]
            shard.starting_sequence_number += excess
        return answer
