"""The part of a sorted sequence that a query's key condition, start and limit select."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from moto.dynamodb.exceptions import MockValidationException

_REVERSED = "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound"

_K = TypeVar("_K")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The part of a query that says which keys it reads."""

    comparison: str | None
    values: list[Any]
    limit: int | None
    is_forward: bool

    def window(
        self, keys: Sequence[_K], ranged: Callable[[_K], Any], rank: Callable[[_K], Any], after: Any
    ) -> Sequence[_K]:
        """Return the keys that are read, in their own order.

        `ranged` returns what the condition compares, `rank` what the keys are sorted by, and `after` is the
        rank of the key at which the last page ended.
        """
        low, high = self._range(keys, ranged)
        if after is not None and self.is_forward:
            low = max(low, bisect_right(keys, after, key=rank))
        elif after is not None:
            high = min(high, bisect_left(keys, after, key=rank))
        high = max(low, high)
        if self.limit is None:
            return keys[low:high]
        if self.is_forward:
            return keys[low : min(high, low + self.limit)]
        return keys[max(low, high - self.limit) : high]

    def _range(self, keys: Sequence[_K], ranged: Callable[[_K], Any]) -> tuple[int, int]:
        if self.comparison is None:
            return 0, len(keys)

        def before(value: Any) -> int:
            return bisect_left(keys, value, key=ranged)

        def through(value: Any) -> int:
            return bisect_right(keys, value, key=ranged)

        comparison, value = self.comparison.upper(), self.values[0]
        if comparison == "BETWEEN" and value > self.values[-1]:
            raise MockValidationException(_REVERSED)
        begin, end = 0, len(keys)
        if comparison in {"=", ">=", "BETWEEN", "BEGINS_WITH"}:
            begin = before(value)
        elif comparison == ">":
            begin = through(value)
        if comparison in {"=", "<=", "BETWEEN"}:
            end = through(self.values[-1])
        elif comparison == "<":
            end = before(value)
        elif comparison == "BEGINS_WITH":
            end = bisect_left(keys, 1, begin, key=lambda key: not ranged(key).startswith(value))
        return begin, end
