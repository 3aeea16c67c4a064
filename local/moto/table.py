"""A table that gives moto's query only the items that it can return."""

from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from local.moto.partition import Partition, comparable
from local.moto.window import Bounds


class QuickTable(Table):
    """A table that gives moto's query only the items that it can return."""

    items: defaultdict[Any, Partition]  # type: ignore[assignment] # narrower than moto's
    range_key_attr: str
    _offered: list[Item] | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> "QuickTable":
        """Return the table itself: moto copies it to undo a transaction, and QuickBackend does that instead."""
        return self

    def all_items(self) -> list[Item]:
        if self._offered is not None:
            return self._offered
        hash_keys = sorted(self.items, key=comparable)
        return [
            self.items[hash_key][key]
            for hash_key in hash_keys
            for key in self.items[hash_key].order
        ]

    def query(
        self,
        hash_key: DynamoType | None,
        range_comparison: str | None,
        range_objs: list[DynamoType],
        limit: int,
        exclusive_start_key: dict[str, Any],
        scan_index_forward: bool,  # noqa: FBT001 - as moto calls it
        projection_expressions: list[list[str]] | None,
        index_name: str | None = None,
        *rest: Any,
        **conditions: Any,
    ) -> tuple[list[Item], int, dict[str, Any] | None]:
        start = exclusive_start_key or None
        bounds = Bounds(
            range_comparison,
            [comparable(value) for value in range_objs],
            limit,
            bool(scan_index_forward),
        )
        if index_name is None:
            partition = self.items.get(hash_key) or Partition()
            after = comparable(DynamoType(start[self.range_key_attr])) if start else None
            keys = bounds.window(partition.order, comparable, comparable, after)
            self._offered = [partition[key] for key in keys]
        else:
            self._offered = self._indexed(
                index_name, bounds, start, conditions["hash_key_conditions"]
            )
        try:
            found, scanned, last = super().query(
                hash_key,
                range_comparison,
                range_objs,
                limit,
                exclusive_start_key,
                scan_index_forward,
                projection_expressions,
                index_name,
                *rest,
                **conditions,
            )
            if limit and last is None and len(self._offered) == limit:
                # moto first looks for a next item; DynamoDB stops at the limit and returns the last key.
                last_read = self._offered[-1 if bounds.is_forward else 0]
                last = self._get_last_evaluated_key(last_read, index_name)
            return found, scanned, last
        finally:
            self._offered = None

    def _indexed(
        self,
        index_name: str,
        bounds: Bounds,
        start: dict[str, Any] | None,
        hash_conditions: Iterable[tuple[str, DynamoType]],
    ) -> list[Item]:
        schema = self.get_index(index_name, error_if_not=True).schema
        wanted = [(name, value.type, value.value) for name, value in hash_conditions]
        ranges = [key["AttributeName"] for key in schema if key["KeyType"] == "RANGE"]
        ordering = [*ranges, *self.table_key_attrs]
        found = sorted(
            (
                (tuple(comparable(item.attrs[name]) for name in ordering), item)
                for partition in self.items.values()
                for item in partition.values()
                if all(_holds(item, *condition) for condition in wanted)
                and all(name in item.attrs for name in ranges)
            ),
            key=itemgetter(0),
        )
        after = tuple(comparable(DynamoType(start[name])) for name in ordering) if start else None
        read = bounds.window(found, lambda entry: entry[0][0], itemgetter(0), after)
        return [item for _, item in read]


def _holds(item: Item, name: str, kind: str, value: Any) -> bool:
    held = item.attrs.get(name)
    return held is not None and held.value == value and held.type == kind
