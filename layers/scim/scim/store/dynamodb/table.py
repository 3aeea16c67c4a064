"""The store's writes to the table. Each is metered, and DynamoDB's errors become ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scim.store.dynamodb.capacity import (
    TRANSACTION,
    Cost,
    size_of_item,
    write_units,
)
from scim.store.dynamodb.reads import TableReads
from scim.store.dynamodb.retry import NotHeld, reasons_of, translated
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.values import Value, decoded_item, encoded_item, number
from scim.store.dynamodb.write import (
    MAX_BYTES,
    MAX_ITEM_BYTES,
    NONCE,
    Condition,
    ConditionFailed,
    Failure,
    Write,
    check_bounds,
    cost_of,
    failures_of,
    new_nonce,
    outgrown,
)
from scim.store.keys.directory import ItemKey


class Table(TableReads):
    """Reads and writes one DynamoDB table."""

    def put(self, item_key: ItemKey, item: Mapping[str, Value]) -> None:
        """Put an item unconditionally. Use it only for items that may be lost or written twice."""
        full_item = {**item_key._asdict(), **item}
        self._send(self._client.put_item, TableName=self._name, Item=encoded_item(full_item))
        if self._meter.counts:
            self._meter.add(Cost(1, 0, write_units(size_of_item(full_item)) / TRANSACTION))

    def put_alone(self, write: Write) -> bool:
        """Make one Put without a transaction, at half the price. Return whether the item is as it was put.

        If the response is lost, the retry meets the item that was put. If only one of several writers may
        succeed, their items must differ: by a nonce, if by nothing else.
        """
        request: dict[str, Any] = write.request(self._name)["Put"]
        self._count(write)
        try:
            self._send(self._client.put_item, **request)
        except NotHeld as refused:
            return decoded_item(refused.item) == {**write.item_key._asdict(), **write.item}
        return True

    def change(self, write: Write) -> Row:
        """Make one update without a transaction, at half the price. Return the changed attributes.

        Raises ConditionFailed. If the response is lost, the update may be made twice, or fail on its own
        effect: see `change_once`.
        """
        request: dict[str, Any] = write.request(self._name)["Update"]
        self._count(write)
        try:
            answer = self._send(self._client.update_item, **request, ReturnValues="UPDATED_NEW")
        except NotHeld as refused:
            failure = Failure(write, decoded_item(refused.item))
            raise ConditionFailed([failure]) from refused
        return decoded_item(answer.get("Attributes", {}))

    def change_once(self, write: Write) -> None:
        """Make one update as `change` does, but not again if its response is lost. Raises ConditionFailed.

        The item shows the last of these updates. If there is another one between the lost response and the
        retry, the update may still be made twice, or fail on its own effect.
        """
        nonce = new_nonce()
        is_new = Condition("(attribute_not_exists({n}) OR {n} <> {v})", NONCE, nonce)
        conditions, sets = (*write.conditions, is_new), {**write.sets, NONCE: nonce}
        try:
            self.change(write._replace(conditions=conditions, sets=sets))
        except ConditionFailed as failed_condition:
            if failed_condition.failures[0].item.get(NONCE) != nonce:
                raise

    def _count(self, write: Write) -> None:
        """Count a write that is made outside a transaction, unless the meter does not count."""
        if self._meter.counts:
            self._meter.add(Cost(1, 0, write.units() / TRANSACTION))

    def increased(self, item_key: ItemKey, item: Mapping[str, Value]) -> int:
        """Add one to the attribute `n` and return the result. Also sets the attributes in `item`.

        If the response is lost, one may be added twice, but no two callers get the same number.
        """
        return number(self.change(Write("Update", item_key, sets=item, adds={"n": 1})), "n")

    def write(self, writes: Sequence[Write]) -> None:
        """Make all steps or none; retry while other transactions conflict.

        Raises ConditionFailed when conditions fail, Outgrown when an item would become too large. The client
        token stays the same while the outcome is unknown, so a transaction whose response was lost is neither
        refused nor made twice. A retry with the same token may report a conflict with other transactions. That
        does not tell the outcome of the attempt before it.
        """
        requests = [write.request(self._name) for write in writes]
        cost = self._cost_within_bounds(writes)
        token, is_unknown = new_nonce(), False
        attempts = self._retry.begun()
        while True:
            if cost is not None:
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
                    raise outgrown(writes, reasons_of(error)) or translated(error) from error
                is_unknown = is_unknown or not reasons_of(error)
                if not is_unknown:
                    # Certainly cancelled, so the retry is a new transaction.
                    token = new_nonce()
            except BotoCoreError as error:
                is_unknown = True
                if not attempts.wait(error):
                    raise translated(error) from error
            else:
                return

    def _cost_within_bounds(self, writes: Sequence[Write]) -> Cost | None:
        """Return the cost of the steps, None if the meter does not count. Raises PayloadTooLarge."""
        weights = [write.at_most() for write in writes]
        is_counted = self._meter.counts
        if is_counted or max(weights) > MAX_ITEM_BYTES or sum(weights) > MAX_BYTES:
            weights = [write.weight() for write in writes]
        check_bounds(writes, weights)
        return cost_of(self._meter, writes, weights) if is_counted else None
