"""Conditions on a place: presence and comparison, and how and, or and not join what is bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scim.errors import InvalidFilter
from scim.filter.binding.bound import Assigned, Bound, Compared, Tree, all_of, any_of, negated
from scim.filter.binding.names import NO_TOLERANCE, compared_place, is_readable
from scim.filter.binding.operand import operand_of, refuse_operator
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    ValuePath,
)
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import Place

Leaf = Comparison | Present | ValuePath

_COMPLEX = frozenset({Tolerance.COMPLEX_COMPARISON})


def joined(wanted: Filter, leaf: Callable[[Leaf], Bound]) -> Bound:
    """Return the filter bound, each of its leaves by the function."""
    match wanted:
        case And():
            terms = [joined(term, leaf) for term in wanted.terms]
            return Bound(all_of(term.tree for term in terms), _fired(terms))
        case Or():
            terms = [joined(term, leaf) for term in wanted.terms]
            return Bound(any_of(term.tree for term in terms), _fired(terms))
        case Not():
            term = joined(wanted.term, leaf)
            return Bound(negated(term.tree), term.fired)
        case _:
            return leaf(wanted)


def refuse_secret(place: Place, path: AttributePath) -> None:
    """Raise InvalidFilter when answers must not depend on the value (trust of write-only data)."""
    if not is_readable(place):
        raise InvalidFilter(f"'{path}' is never returned and cannot be used in a filter")


def comparison(place: Place, term: Comparison, profile: Profile) -> Bound:
    """Return the comparison bound to the place.

    Nothing is not identical with anything, so `ne` holds where no value is equal, also where
    there is none. null and no value are the same (RFC 7643 section 2.5).
    """
    if term.value is None:
        return Bound(_comparison_with_null(place, term))
    compared = compared_place(place)
    if compared is None or not (compared is place or _compares_complex(profile)):
        raise InvalidFilter(
            f"'{term.path}' is complex and cannot be compared; name one of its sub-attributes: "
            + ", ".join(sub.name for sub in place.leaf.sub_attributes)
        )
    refuse_secret(compared, term.path)
    refuse_operator(compared.leaf, term)
    operand = operand_of(compared.leaf, term, profile)
    fired = operand.fired if compared is place else operand.fired | _COMPLEX
    if term.operator is Operator.NE:
        return Bound(negated(Compared(compared, Operator.EQ, operand.folded)), fired)
    return Bound(Compared(compared, term.operator, operand.folded), fired)


def _comparison_with_null(place: Place, term: Comparison) -> Tree:
    match term.operator:
        case Operator.EQ:
            return negated(Assigned(place))
        case Operator.NE:
            return Assigned(place)
        case _:
            raise InvalidFilter(f"'{term.path}' can be compared with null by eq and ne only")


def _compares_complex(profile: Profile) -> bool:
    return profile.tolerates(Tolerance.COMPLEX_COMPARISON)


def _fired(terms: Sequence[Bound]) -> frozenset[Tolerance]:
    return NO_TOLERANCE.union(*(term.fired for term in terms))
