"""The results of the table's queries."""

from collections.abc import Sequence

from scim.immutable import immutable
from scim.store.dynamodb.values import Value, Wire, decoded_item

Row = dict[str, Value]


@immutable
class Rows:
    """Items of a partition in key order; `has_more` when the limit left some out."""

    items: Sequence[Row]
    has_more: bool


@immutable
class Counted:
    """The number of items counted, and the sort key to continue after, None at the end."""

    number: int
    after: str | None


@immutable
class WireRows:
    """Items of a partition in wire form: showing a resource decodes only a few of its attributes."""

    wire: Sequence[Wire]
    has_more: bool

    @property
    def items(self) -> list[Row]:
        """The items as plain values."""
        return [decoded_item(item) for item in self.wire]
