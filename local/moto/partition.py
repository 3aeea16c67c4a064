"""One partition of a table: its items by sort key, and their sort keys in order."""

from bisect import bisect_left, insort
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item


class Partition(dict[DynamoType, Item]):
    """The items of one partition by sort key, and their sort keys in order."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[DynamoType] = []

    def __setitem__(self, key: DynamoType, item: Item) -> None:
        if key not in self:
            insort(self.order, key, key=comparable)
        super().__setitem__(key, item)

    def pop(self, key: DynamoType, *default: Any) -> Any:
        if key in self:
            del self.order[bisect_left(self.order, comparable(key), key=comparable)]
        return super().pop(key, *default)


def comparable(value: DynamoType) -> Any:
    """Return the value by which a key is compared; the usual string skips moto's search for the type."""
    return value.value if value.type == "S" else value.cast_value
