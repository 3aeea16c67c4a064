"""The one table: the requests the store makes of it, each metered, errors turned into ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from os import urandom
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from scim.store.dynamodb.capacity import (
    TRANSACTION,
    Cost,
    Meter,
    size_of_item,
    write_units,
)
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Attempts, NotHeld, Retry, reasons_of, too_busy, translated
from scim.store.dynamodb.rows import Counted, Row, Rows
from scim.store.dynamodb.values import Value, decoded_item, encoded, encoded_item, number
from scim.store.dynamodb.write import (
    ConditionFailed,
    Failure,
    Write,
    check_bounds,
    cost_of,
    encoded_key,
    failures_of,
)
from scim.store.keys.directory import INDEX, ItemKey

if TYPE_CHECKING:
    from scim.resource.access_path import Direction

BATCH = 100
BETWEEN = "pk = :p AND sk BETWEEN :a AND :b"


class Table:
    """One DynamoDB table; `may_lag` lets reads that allow for it be a moment old, for half the price."""

    def __init__(
        self, client: TableClient, name: str, meter: Meter, retry: Retry, *, may_lag: bool = False
    ) -> None:
        self._client = client
        self._name = name
        self._meter = meter
        self._retry = retry
        self._may_lag = may_lag

    def item(self, item_key: ItemKey) -> Row | None:
        """Return the item as of now."""
        return self._item(item_key, consistent=True)

    def recent_item(self, item_key: ItemKey) -> Row | None:
        """Return the item, where the table may lag as it was a moment ago, but never missing a new one."""
        row = self._item(item_key, consistent=not self._may_lag)
        return self.item(item_key) if row is None and self._may_lag else row

    def items(self, item_keys: Sequence[ItemKey]) -> list[Row]:
        """Return those of the items that exist, as of now."""
        return self._items(item_keys, consistent=True)

    def recent_items(self, item_keys: Sequence[ItemKey]) -> list[Row]:
        """Return those of the items that exist, or where the table may lag did a moment ago."""
        return self._items(item_keys, consistent=not self._may_lag)

    def rows(
        self,
        pk: str,
        limit: int | None = None,
        after: str | None = None,
        key_range: tuple[str, str] | None = None,
    ) -> Rows:
        """Return a partition's items as of now, in order: behind `after`, or within `key_range`.

        One more than `limit` is asked for, to know whether there are more.
        """
        condition, values = "pk = :p", {":p": encoded(pk)}
        if after is not None:
            condition += " AND sk > :a"
            values[":a"] = encoded(after)
        elif key_range is not None:
            condition += " AND sk BETWEEN :a AND :b"
            values |= {":a": encoded(key_range[0]), ":b": encoded(key_range[1])}
        return self._queried(condition, values, limit, {"ConsistentRead": True})

    def between(self, pk: str, ends: tuple[str, str], direction: "Direction", limit: int) -> Rows:
        """Return up to `limit` items from one sort key to another, both included, as of now."""
        if ends[0] > ends[1]:
            return Rows((), has_more=False)
        request = {"ConsistentRead": True, "ScanIndexForward": direction.name == "UP"}
        values = {":p": encoded(pk), ":a": encoded(ends[0]), ":b": encoded(ends[1])}
        return self._queried(BETWEEN, values, limit, request)

    def some_between(
        self, pk: str, ends: tuple[str, str], direction: "Direction", limit: int
    ) -> Rows:
        """Return up to `limit` of these items, no more than come in one answer, which is 1 MB."""
        if ends[0] > ends[1]:
            return Rows((), has_more=False)
        is_up = direction.name == "UP"
        request = {"ConsistentRead": True, "ScanIndexForward": is_up, "Limit": limit + 1}
        values = {":p": encoded(pk), ":a": encoded(ends[0]), ":b": encoded(ends[1])}
        found, last = self._answered(BETWEEN, values, request)
        return Rows(found[:limit], last is not None)

    def indexed(self, gp: str, ends: tuple[str, str], direction: "Direction", limit: int) -> Rows:
        """Return up to `limit` keys of the index byLastModified, perhaps a moment old."""
        if ends[0] > ends[1]:
            return Rows((), has_more=False)
        request = {"IndexName": INDEX, "ScanIndexForward": direction.name == "UP"}
        values = {":p": encoded(gp), ":a": encoded(ends[0]), ":b": encoded(ends[1])}
        return self._queried("gp = :p AND gs BETWEEN :a AND :b", values, limit, request)

    def counted(self, pk: str, after: str | None, limit: int, absent: str) -> Counted:
        """Count items without an attribute, up to `limit` of all items of the partition."""
        condition = "pk = :p" if after is None else "pk = :p AND sk > :a"
        values = {":p": encoded(pk)} | ({} if after is None else {":a": encoded(after)})
        answer = self._asked(
            self._client.query,
            TableName=self._name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ExpressionAttributeNames={"#n": absent},
            FilterExpression="attribute_not_exists(#n)",
            Select="COUNT",
            Limit=limit,
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
        )
        # The items do not come back, so this once the back end's word is taken.
        units = float(answer.get("ConsumedCapacity", {}).get("CapacityUnits", 0))
        self._meter.add(Cost(1, units))
        last = answer.get("LastEvaluatedKey")
        return Counted(answer["Count"], None if last is None else str(last["sk"]["S"]))

    def put(self, item_key: ItemKey, item: Mapping[str, Value]) -> None:
        """Store an item whatever was there: only for what may be lost, or written twice."""
        whole = {**item_key._asdict(), **item}
        self._asked(self._client.put_item, TableName=self._name, Item=encoded_item(whole))
        units = write_units(size_of_item(whole)) / TRANSACTION
        self._meter.add(Cost(1, 0, units))

    def put_alone(self, write: Write) -> bool:
        """Make one Put without a transaction, for half the price; tell whether its condition held.

        When the answer gets lost the repetition may meet what was put: the caller looks then.
        """
        request: dict[str, Any] = write.request(self._name)["Put"]
        self._meter.add(Cost(1, 0, write.units() / TRANSACTION))
        try:
            self._asked(self._client.put_item, **request)
        except NotHeld:
            return False
        return True

    def change(self, write: Write) -> Row:
        """Make one update alone, at half the price of a transaction; return what it has changed.

        Raises ConditionFailed. When the answer gets lost it is made twice, or refused for what
        it has done itself.
        """
        request: dict[str, Any] = write.request(self._name)["Update"]
        self._meter.add(Cost(1, 0, write.units() / TRANSACTION))
        try:
            answer = self._asked(self._client.update_item, **request, ReturnValues="UPDATED_NEW")
        except NotHeld as refused:
            failure = Failure(write, decoded_item(refused.item))
            raise ConditionFailed([failure]) from refused
        return decoded_item(answer.get("Attributes", {}))

    def increased(self, item_key: ItemKey, name: str, item: Mapping[str, Value]) -> int:
        """Add one to a number and return what it is now; made anew with the item's attributes.

        When the answer gets lost it is added twice: no two callers are ever told the same.
        """
        return number(self.change(Write("Update", item_key, sets=item, adds={name: 1})), name)

    def _queried(
        self,
        condition: str,
        values: Mapping[str, Any],
        limit: int | None,
        request: dict[str, Any],
    ) -> Rows:
        found: list[Row] = []
        while True:
            if limit is not None:
                request["Limit"] = limit + 1 - len(found)
            some, last = self._answered(condition, values, request)
            found += some
            if last is None or (limit is not None and len(found) > limit):
                break
            request["ExclusiveStartKey"] = last
        return Rows(found[:limit], limit is not None and len(found) > limit)

    def _answered(
        self, condition: str, values: Mapping[str, Any], request: Mapping[str, Any]
    ) -> tuple[list[Row], Mapping[str, Any] | None]:
        """Return the items of one answer, and the key to go on behind, None at the end."""
        answer = self._asked(
            self._client.query,
            TableName=self._name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            **request,
        )
        found = [decoded_item(item) for item in answer["Items"]]
        self._meter.add_query(found, consistent=request.get("ConsistentRead", False))
        return found, answer.get("LastEvaluatedKey")

    def write(self, writes: Sequence[Write]) -> None:
        """Make all steps or none, repeating while others are in the way.

        Raises Refused when conditions fail. The client token stays the same while the outcome
        is unknown: a transaction that was committed although its answer got lost is neither
        refused nor made twice. That an attempt with the same token is in the way of others says
        nothing of the one before it.
        """
        requests = [write.request(self._name) for write in writes]
        weights = [write.weight() for write in writes]
        check_bounds(weights, requests)
        cost = cost_of(self._meter, writes, weights)
        token, is_unknown = urandom(16).hex(), False
        attempts = self._retry.begun()
        while True:
            self._meter.add(cost)
            try:
                attempts.make(
                    self._client.transact_write_items,
                    TransactItems=requests,
                    ClientRequestToken=token,
                )
            except ClientError as error:
                failures = failures_of(writes, reasons_of(error))
                if failures:
                    raise ConditionFailed(failures) from error
                if not attempts.wait(error):
                    raise translated(error) from error
                is_unknown = is_unknown or not reasons_of(error)
                if not is_unknown:
                    # Cancelled for certain: the repetition is a transaction of its own.
                    token = urandom(16).hex()
            except BotoCoreError as error:
                is_unknown = True
                if not attempts.wait(error):
                    raise translated(error) from error
            else:
                return

    def _item(self, item_key: ItemKey, *, consistent: bool) -> Row | None:
        answer = self._asked(
            self._client.get_item,
            TableName=self._name,
            Key=encoded_key(item_key),
            ConsistentRead=consistent,
        )
        row = decoded_item(answer["Item"]) if "Item" in answer else None
        if self._meter.counts:
            self._meter.add_reads([row or {}], consistent=consistent)
        return row

    def _items(self, item_keys: Sequence[ItemKey], *, consistent: bool) -> list[Row]:
        if len(item_keys) == 1:
            row = self._item(item_keys[0], consistent=consistent)
            return [] if row is None else [row]
        found: list[Row] = []
        for start in range(0, len(item_keys), BATCH):
            keys = [encoded_key(key) for key in item_keys[start : start + BATCH]]
            found += self._batch(keys, consistent=consistent)
        return found

    def _batch(self, keys: Sequence[Mapping[str, Any]], *, consistent: bool) -> Iterator[Row]:
        attempts = self._retry.begun()
        while True:
            wanted = {self._name: {"Keys": keys, "ConsistentRead": consistent}}
            answer = self._asked(self._client.batch_get_item, attempts, RequestItems=wanted)
            rows = [decoded_item(item) for item in answer["Responses"].get(self._name, ())]
            keys_left = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", ())
            absent = len(keys) - len(rows) - len(keys_left)
            self._meter.add_reads(rows, absent, consistent=consistent)
            yield from rows
            if not keys_left:
                return
            keys = keys_left
            if not attempts.wait():
                raise too_busy()

    def _asked(
        self, ask: Callable[..., Any], attempts: Attempts | None = None, **request: Any
    ) -> Any:
        """Return the answer, asking again while there may be one; errors are ours."""
        attempts = attempts or self._retry.begun()
        while True:
            try:
                return attempts.make(ask, **request)
            except (BotoCoreError, ClientError) as error:
                if not attempts.wait(error):
                    raise translated(error) from error
