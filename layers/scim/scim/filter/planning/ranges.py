"""Ranges: converts ordering comparisons to ranges of an ordered index, or of the index of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scim.filter.binding.bound_tree import Compared, Tree, all_of
from scim.filter.parsing.tree import Operator
from scim.filter.planning.plan import ByChange, ByRange, Planned
from scim.resource.access_path import KeyRange, Limit

LONGEST_END = 300
"""The most bytes of a range's end. An index keeps only the start of a long value; this is within it."""


@dataclass(frozen=True, slots=True)
class KeyRanges:
    """A range with all values that satisfy a comparison; exact if it has no others."""

    key_range: KeyRange
    is_exact: bool = True


def span_of(operator: Operator, operand: str) -> KeyRanges | None:
    """Return the range of an index with the values that satisfy a comparison, None if there is none."""
    kept = operand.encode(errors="surrogatepass")[:LONGEST_END].decode(errors="ignore")
    is_exact = kept == operand
    match operator:
        case Operator.SW if operand:
            return KeyRanges(KeyRange(prefix=kept), is_exact)
        case Operator.GE:
            return KeyRanges(KeyRange(lower=(kept, Limit.WITH)), is_exact)
        case Operator.GT:
            return KeyRanges(
                KeyRange(lower=(kept, Limit.WITHOUT if is_exact else Limit.WITH)), is_exact
            )
        case Operator.LE if is_exact:
            return KeyRanges(KeyRange(upper=(kept, Limit.WITH)))
        case Operator.LT if is_exact:
            return KeyRanges(KeyRange(upper=(kept, Limit.WITHOUT)))
        case _:
            return None


def changed_since(compared: Compared) -> ByChange | None:
    """Return the hours of the changes that satisfy the comparison, None if they have no beginning.

    The operand is a time in the format of scim.resource.fold.
    """
    hour = compared.operand[:13]
    match compared.operator:
        case Operator.GT | Operator.GE:
            return ByChange(hour)
        case Operator.EQ:
            return ByChange(hour, hour)
        case _:
            return None


def joined_ranges(
    each: Sequence[Planned], terms: Sequence[Tree]
) -> tuple[list[Planned], list[Tree]]:
    """Return the plans of a conjunction's terms, with ranges of the same index joined into one.

    This is only valid for single-valued attributes: two values could each lie in one of two ranges.
    """
    plans: list[Planned] = []
    kept: list[Tree] = []
    for planned, term in zip(each, terms, strict=True):
        met = next((n for n, other in enumerate(plans) if _joins(other, planned)), None)
        joined = None if met is None else _joined(plans[met], planned)
        if met is None or joined is None:
            plans.append(planned)
            kept.append(term)
        else:
            plans[met] = joined
            kept[met] = all_of((kept[met], term))
    return plans, kept


def _joins(one: Planned, other: Planned) -> bool:
    match one.plan, other.plan:
        case ByRange(index, _, True), ByRange(same, _, True):
            return index == same
        case _:
            return False


def _joined(one: Planned, other: Planned) -> Planned | None:
    match one.plan, other.plan:
        case ByRange() as first, ByRange() as second:
            key_range = first.key_range.within(second.key_range)
            if key_range is None:
                return None
            return replace(
                one,
                plan=replace(first, key_range=key_range),
                remainder=all_of((one.remainder, other.remainder)),
            )
        case _:
            return None
