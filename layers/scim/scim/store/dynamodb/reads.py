"""The store's reads of the table. Each is metered, and DynamoDB's errors become ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from scim.moments import later
from scim.store.dynamodb.capacity import (
    Cost,
    Meter,
)
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.expressions import projected
from scim.store.dynamodb.retry import Attempts, Retry, too_busy, translated
from scim.store.dynamodb.rows import Counted, Row, Rows, WireRows
from scim.store.dynamodb.values import Wire, decoded_item, encoded, encoded_key
from scim.store.keys.directory import LAST_MODIFIED_INDEX, ItemKey

if TYPE_CHECKING:
    from scim.resource.access_path import Direction

BATCH = 100
LARGEST_LIMIT = 1_000_000
"""More than a response of 1 MB can hold. DynamoDB rejects a limit beyond 2,147,483,647, which clients may ask for."""
BETWEEN = "pk = :p AND sk BETWEEN :a AND :b"


class TableReads:
    """Reads one DynamoDB table.

    With `may_lag`, the `recent_` methods read eventually consistent items, at half the price.
    """

    def __init__(
        self, client: TableClient, name: str, meter: Meter, retry: Retry, *, may_lag: bool = False
    ) -> None:
        self._client = client
        self._name = name
        self._meter = meter
        self._retry = retry
        self._may_lag = may_lag

    def clock_at(self, now: str) -> Callable[[], str]:
        """Return a clock that tells this time now: work of many transactions gives each of them its own."""
        clock, start = self._retry.clock, self._retry.clock()
        return lambda: later(now, timedelta(seconds=clock() - start))

    def item(self, item_key: ItemKey) -> Row | None:
        """Return the item, strongly consistent, or None."""
        wire = self._item(item_key, consistent=True)
        return None if wire is None else decoded_item(wire)

    def recent_wire(self, item_key: ItemKey) -> Wire | None:
        """Return the item in wire form. With `may_lag` it may be slightly old, but a new item is never missed."""
        wire = self._item(item_key, consistent=not self._may_lag)
        return self._item(item_key, consistent=True) if wire is None and self._may_lag else wire

    def items(self, item_keys: Sequence[ItemKey]) -> list[Row]:
        """Return those of the items that exist, strongly consistent."""
        return [decoded_item(wire) for wire in self.wires(item_keys)]

    def wires(self, item_keys: Sequence[ItemKey]) -> list[Wire]:
        """Return those of the items that exist, strongly consistent, in wire form."""
        return self._items(item_keys, consistent=True)

    def recent_wires(self, item_keys: Sequence[ItemKey]) -> list[Wire]:
        """Return those of the items that exist, in wire form; with `may_lag`, as of a moment ago."""
        return self._items(item_keys, consistent=not self._may_lag)

    def rows(
        self,
        pk: str,
        limit: int | None = None,
        key_range: tuple[str, str] | None = None,
    ) -> Rows:
        """Return a partition's items in key order, all or those within `key_range`, strongly consistent.

        The query asks for `limit` + 1 items, to learn whether there are more.
        """
        condition, values = "pk = :p", {":p": encoded(pk)}
        if key_range is not None:
            if key_range[0] > key_range[1]:
                return Rows((), has_more=False)
            condition += " AND sk BETWEEN :a AND :b"
            values |= {":a": encoded(key_range[0]), ":b": encoded(key_range[1])}
        return self._all_rows(condition, values, limit, {"ConsistentRead": True})

    def between(self, pk: str, ends: tuple[str, str], direction: "Direction", limit: int) -> Rows:
        """Return up to `limit` items between two sort keys, both included, strongly consistent."""
        if ends[0] > ends[1]:
            return Rows((), has_more=False)
        request = {"ConsistentRead": True, "ScanIndexForward": direction.name == "UP"}
        values = {":p": encoded(pk), ":a": encoded(ends[0]), ":b": encoded(ends[1])}
        return self._all_rows(BETWEEN, values, limit, request)

    def some_between(
        self,
        pk: str,
        ends: tuple[str, str],
        direction: "Direction",
        limit: int,
        attributes: tuple[str, ...] | None = None,
    ) -> WireRows:
        """Return up to `limit` of the items that `between` returns, but no more than one response holds (1 MB).

        With `attributes`, only these attributes are returned. The units are the same. The projection is not
        used while the meter counts, because the meter needs whole items.
        """
        if ends[0] > ends[1]:
            return WireRows((), has_more=False)
        is_up = direction.name == "UP"
        request: dict[str, object] = {
            "ConsistentRead": True,
            "ScanIndexForward": is_up,
            "Limit": limit + 1,
        }
        if attributes is not None and not self._meter.counts:
            request |= projected(attributes)
        values = {":p": encoded(pk), ":a": encoded(ends[0]), ":b": encoded(ends[1])}
        wires, last_key = self._page(BETWEEN, values, request)
        return WireRows(wires[:limit], has_more=last_key is not None)

    def indexed(self, gp: str, ends: tuple[str, str], direction: "Direction", limit: int) -> Rows:
        """Return up to `limit` keys from the index byLastModified, eventually consistent."""
        if ends[0] > ends[1]:
            return Rows((), has_more=False)
        request = {"IndexName": LAST_MODIFIED_INDEX, "ScanIndexForward": direction.name == "UP"}
        values = {":p": encoded(gp), ":a": encoded(ends[0]), ":b": encoded(ends[1])}
        return self._all_rows("gp = :p AND gs BETWEEN :a AND :b", values, limit, request)

    def counted(self, pk: str, after: str | None, limit: int, absent: str) -> Counted:
        """Count the items that lack the attribute `absent`, among the next `limit` items of the partition."""
        condition = "pk = :p" if after is None else "pk = :p AND sk > :a"
        values = {":p": encoded(pk)} | ({} if after is None else {":a": encoded(after)})
        answer = self._send(
            self._client.query,
            TableName=self._name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ExpressionAttributeNames={"#n": absent},
            FilterExpression="attribute_not_exists(#n)",
            Select="COUNT",
            Limit=min(limit, LARGEST_LIMIT),
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
        )
        # The items are not returned, so only here the meter trusts the reported capacity.
        units = float(answer.get("ConsumedCapacity", {}).get("CapacityUnits", 0))
        self._meter.add(Cost(1, units))
        last_key = answer.get("LastEvaluatedKey")
        return Counted(answer["Count"], None if last_key is None else str(last_key["sk"]["S"]))

    def _all_rows(
        self,
        condition: str,
        values: Mapping[str, Any],
        limit: int | None,
        request: dict[str, Any],
    ) -> Rows:
        rows: list[Row] = []
        while True:
            if limit is not None:
                request["Limit"] = min(limit + 1 - len(rows), LARGEST_LIMIT)
            page, last_key = self._decoded_page(condition, values, request)
            rows += page
            if last_key is None or (limit is not None and len(rows) > limit):
                break
            request["ExclusiveStartKey"] = last_key
        return Rows(rows[:limit], limit is not None and len(rows) > limit)

    def _decoded_page(
        self, condition: str, values: Mapping[str, Any], request: Mapping[str, Any]
    ) -> tuple[list[Row], Mapping[str, Any] | None]:
        """Return the items of one response, and the key to continue after, None at the end."""
        wires, last_key = self._page(condition, values, request)
        return [decoded_item(item) for item in wires], last_key

    def _page(
        self, condition: str, values: Mapping[str, Any], request: Mapping[str, Any]
    ) -> tuple[list[Wire], Mapping[str, Any] | None]:
        """Return the items of one response in wire form, and the key to continue after, None at the end."""
        answer = self._send(
            self._client.query,
            TableName=self._name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            **request,
        )
        wires: list[Wire] = answer["Items"]
        if self._meter.counts:
            items = map(decoded_item, wires)
            self._meter.add_query(items, consistent=request.get("ConsistentRead", False))
        return wires, answer.get("LastEvaluatedKey")

    def _item(self, item_key: ItemKey, *, consistent: bool) -> Wire | None:
        answer = self._send(
            self._client.get_item,
            TableName=self._name,
            Key=encoded_key(*item_key),
            ConsistentRead=consistent,
        )
        wire: Wire | None = answer.get("Item")
        if self._meter.counts:
            self._meter.add_reads([decoded_item(wire or {})], consistent=consistent)
        return wire

    def _items(self, item_keys: Sequence[ItemKey], *, consistent: bool) -> list[Wire]:
        if len(item_keys) == 1:
            wire = self._item(item_keys[0], consistent=consistent)
            return [] if wire is None else [wire]
        wires: list[Wire] = []
        for start in range(0, len(item_keys), BATCH):
            keys = [encoded_key(*key) for key in item_keys[start : start + BATCH]]
            wires += self._batch(keys, consistent=consistent)
        return wires

    def _batch(self, keys: Sequence[Mapping[str, Any]], *, consistent: bool) -> Iterator[Wire]:
        attempts = self._retry.begun()
        while True:
            requested_items = {self._name: {"Keys": keys, "ConsistentRead": consistent}}
            answer = self._send(self._client.batch_get_item, attempts, RequestItems=requested_items)
            wires: Sequence[Wire] = answer["Responses"].get(self._name, ())
            keys_left = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", ())
            if self._meter.counts:
                absent = len(keys) - len(wires) - len(keys_left)
                self._meter.add_reads(map(decoded_item, wires), absent, consistent=consistent)
            yield from wires
            if not keys_left:
                return
            keys = keys_left
            if not attempts.wait():
                raise too_busy()

    def _send(
        self, call: Callable[..., Any], attempts: Attempts | None = None, **request: Any
    ) -> Any:
        """Send a request and return the response; retry while a retry may succeed. Raises our own errors."""
        attempts = attempts or self._retry.begun()
        while True:
            try:
                return attempts.make(call, **request)
            except (BotoCoreError, ClientError) as error:
                if not attempts.wait(error):
                    raise translated(error) from error
