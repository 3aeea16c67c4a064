"""What the table answers a query with."""

from collections.abc import Sequence

from scim.immutable import immutable
from scim.store.dynamodb.values import Value, Wire, decoded_item

Row = dict[str, Value]


@immutable
class Rows:
    """Some items of a partition in key order; `has_more` when the wanted number cut it short."""

    items: Sequence[Row]
    has_more: bool


@immutable
class Counted:
    """How many items were counted, and the sort key to go on behind, None at the end."""

    number: int
    after: str | None


@immutable
class WireRows:
    """The same as they came: most of what stands in a resource is not looked at to show it."""

    wire: Sequence[Wire]
    has_more: bool

    @property
    def items(self) -> list[Row]:
        """The items as plain values."""
        return [decoded_item(item) for item in self.wire]
