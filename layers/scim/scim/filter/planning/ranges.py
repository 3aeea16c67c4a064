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
class CoveringRange:
    """A range with all values that satisfy a comparison; exact if it has no others."""

    key_range: KeyRange
    is_exact: bool = True


def covering_range(operator: Operator, operand: str) -> CoveringRange | None:
    """Return the range of an index with the values that satisfy a comparison, None if there is none."""
    end = operand.encode(errors="surrogatepass")[:LONGEST_END].decode(errors="ignore")
    is_exact = end == operand
    match operator:
        case Operator.SW if operand[:1].strip():
            # The index may hold a value without the white space around it.
            prefix = end.rstrip()
            return CoveringRange(KeyRange(prefix=prefix), prefix == operand)
        case Operator.GE:
            return CoveringRange(KeyRange(lower=(end, Limit.WITH)), is_exact)
        case Operator.GT:
            return CoveringRange(
                KeyRange(lower=(end, Limit.WITHOUT if is_exact else Limit.WITH)), is_exact
            )
        case Operator.LE if is_exact:
            return CoveringRange(KeyRange(upper=(end, Limit.WITH)))
        case Operator.LT if is_exact:
            return CoveringRange(KeyRange(upper=(end, Limit.WITHOUT)))
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
    term_plans: Sequence[Planned], terms: Sequence[Tree]
) -> tuple[list[Planned], list[Tree]]:
    """Return the plans of a conjunction's terms, with ranges of the same index joined into one.

    This is only valid for single-valued attributes: two values could each lie in one of two ranges.
    """
    plans: list[Planned] = []
    joined_terms: list[Tree] = []
    for term_plan, term in zip(term_plans, terms, strict=True):
        position = next((i for i, other in enumerate(plans) if _joins(other, term_plan)), None)
        joined = None if position is None else _joined(plans[position], term_plan)
        if position is None or joined is None:
            plans.append(term_plan)
            joined_terms.append(term)
        else:
            plans[position] = joined
            joined_terms[position] = all_of((joined_terms[position], term))
    return plans, joined_terms


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
