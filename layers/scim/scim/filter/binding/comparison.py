"""Comparisons of an attribute with a literal of the attribute's type or with null."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from scim.errors import InvalidFilter
from scim.filter.binding.bound_tree import (
    AnyValue,
    Assigned,
    Bound,
    Compared,
    Tree,
    all_of,
    any_of,
    negated,
)
from scim.filter.binding.names import NO_TOLERANCE, compared_ref, is_readable
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    Operator,
    Or,
    Present,
    ValuePath,
)
from scim.immutable import immutable
from scim.profile import Profile, Tolerance
from scim.resource.fold import folded, folded_part
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import Attribute, AttributeType
from scim.schema.spelling import boolean_in, value_of_type

_EQUALITY = (Operator.EQ, Operator.NE)
_ORDER = (Operator.GT, Operator.GE, Operator.LT, Operator.LE)
_TEXT = (Operator.CO, Operator.SW, Operator.EW)

# RFC 7644 table 3: booleans and binaries have no order; co, sw and ew apply only to text.
_OPERATORS = {
    AttributeType.STRING: (*_EQUALITY, *_TEXT, *_ORDER),
    AttributeType.REFERENCE: (*_EQUALITY, *_TEXT, *_ORDER),
    AttributeType.BOOLEAN: _EQUALITY,
    AttributeType.BINARY: _EQUALITY,
    AttributeType.INTEGER: (*_EQUALITY, *_ORDER),
    AttributeType.DECIMAL: (*_EQUALITY, *_ORDER),
    AttributeType.DATE_TIME: (*_EQUALITY, *_ORDER),
}
_EXPECTED = {
    AttributeType.STRING: "a string in quotation marks",
    AttributeType.REFERENCE: "a URI in quotation marks",
    AttributeType.BOOLEAN: "true or false",
    AttributeType.BINARY: "a base64 string in quotation marks",
    AttributeType.INTEGER: "a number",
    AttributeType.DECIMAL: "a number",
    AttributeType.DATE_TIME: 'a time such as "2011-05-13T04:42:34Z"',
}

_OTHER_SPELLINGS = {
    AttributeType.DATE_TIME: Tolerance.UNESCAPED_PLUS,
    AttributeType.BINARY: Tolerance.WRAPPED_BINARY,
}


@immutable
class Operand:
    """A literal folded as the attribute's values are, and the tolerance that reading it needed."""

    folded: str
    tolerated: frozenset[Tolerance]


def refuse_operator(attribute: Attribute, term: Comparison) -> None:
    """Raise InvalidFilter when the attribute's type does not have the operator."""
    possible = _OPERATORS[attribute.type]
    if term.operator not in possible:
        raise InvalidFilter(
            f"'{term.path}' is of type {attribute.type}, which has no '{term.operator}'; "
            f"possible are {', '.join(possible)} and pr"
        )


def operand_of(attribute: Attribute, term: Comparison, profile: Profile) -> Operand:
    """Return the literal as an operand for the attribute. Raises InvalidFilter for another type."""
    path, literal = term.path, term.value
    if attribute.type is AttributeType.BOOLEAN and isinstance(literal, str):
        return _boolean_operand(attribute, path, literal, profile)
    tolerance = _OTHER_SPELLINGS.get(attribute.type, Tolerance.STRING_NUMBER)
    converted = value_of_type(attribute, literal) if profile.tolerates(tolerance) else None
    tolerated = NO_TOLERANCE if converted is None else frozenset({tolerance})
    literal = literal if converted is None else converted
    if not _has_type(attribute.type, literal):
        raise _mistyped(attribute, path, literal)
    if term.operator in _TEXT and isinstance(literal, str):
        return Operand(folded_part(attribute, literal), tolerated)
    try:
        return Operand(folded(attribute, literal), tolerated)
    except ValueError as error:
        raise _mistyped(attribute, path, literal) from error


def _boolean_operand(
    attribute: Attribute, path: AttributePath, literal: str, profile: Profile
) -> Operand:
    value = boolean_in(literal)
    if value is None or not profile.tolerates(Tolerance.STRING_BOOLEAN):
        raise _mistyped(attribute, path, literal)
    return Operand(folded(attribute, value), frozenset({Tolerance.STRING_BOOLEAN}))


def _has_type(type_: AttributeType, literal: Literal) -> bool:
    match literal:
        case bool():
            return type_ is AttributeType.BOOLEAN
        case int() | Decimal():
            return type_ in (AttributeType.INTEGER, AttributeType.DECIMAL)
        case str():
            return type_ not in (AttributeType.INTEGER, AttributeType.DECIMAL)
        case None:
            return False


def _mistyped(attribute: Attribute, path: AttributePath, literal: Literal) -> InvalidFilter:
    return InvalidFilter(
        f"'{path}' is compared with {_found(literal)}; expected {_EXPECTED[attribute.type]}"
    )


def _found(literal: Literal) -> str:
    """Return the kind of the literal, not the literal itself, which can be personal data."""
    match literal:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | Decimal():
            return "a number"
        case str():
            return "a string"


Leaf = Comparison | Present | ValuePath

_COMPLEX = frozenset({Tolerance.COMPLEX_COMPARISON})


def bound_of(filter_: Filter, leaf: Callable[[Leaf], Bound]) -> Bound:
    """Return the bound filter; `leaf` binds each of its leaves."""
    match filter_:
        case And():
            terms = [bound_of(term, leaf) for term in filter_.terms]
            return Bound(all_of(term.tree for term in terms), _tolerated_by(terms))
        case Or():
            terms = [bound_of(term, leaf) for term in filter_.terms]
            return Bound(any_of(term.tree for term in terms), _tolerated_by(terms))
        case Not():
            term = bound_of(filter_.term, leaf)
            return Bound(negated(term.tree), term.tolerated)
        case _:
            return leaf(filter_)


def refuse_secret(ref: AttributeRef, path: AttributePath) -> None:
    """Raise InvalidFilter when the attribute is never returned, so that a filter cannot reveal its value."""
    if not is_readable(ref):
        raise InvalidFilter(f"'{path}' is never returned and cannot be used in a filter")


def comparison(ref: AttributeRef, term: Comparison, profile: Profile) -> Bound:
    """Return the comparison bound to an attribute of the resource.

    One matching value is enough, also for `ne` (RFC 7644 section 3.4.2.2); `not` negates its whole
    term. `ne` is also true if there is no value, because a missing value equals no literal. null and
    no value are the same (RFC 7643 section 2.5).
    """
    condition = _condition(ref, term, profile)
    if not isinstance(condition.tree, Compared):
        return condition
    compared = condition.tree
    attribute_ref = AttributeRef(compared.ref.container, compared.ref.attribute)
    if _is_primary(compared.ref):
        tree = _primary(compared)
        tree = tree if isinstance(tree, Compared) else AnyValue(attribute_ref, tree)
    elif term.operator is Operator.NE and _has_several(compared.ref):
        return Bound(_any_differs(compared), condition.tolerated)
    else:
        return Bound(_single(compared), condition.tolerated)
    if term.operator is Operator.NE:
        tree = any_of((tree, negated(Assigned(attribute_ref))))
    return Bound(tree, condition.tolerated)


def ordered_by(ref: AttributeRef, condition: Bound) -> Bound:
    """Return a comparison by order as one of the values of `ref`, and any other unchanged."""
    match condition.tree:
        case Compared(_, operator, operand) if operator in _ORDER:
            return Bound(Compared(ref, operator, folded(ref.leaf, operand)), condition.tolerated)
        case _:
            return condition


def comparison_in_value(ref: AttributeRef, term: Comparison, profile: Profile) -> Bound:
    condition = _condition(ref, term, profile)
    if not isinstance(condition.tree, Compared):
        return condition
    compared = condition.tree
    if _is_primary(ref):
        return Bound(_primary(compared), condition.tolerated)
    if term.operator is Operator.NE and ref.sub is not None and ref.sub.multi_valued:
        return Bound(_any_differs(compared), condition.tolerated)
    return Bound(_single(compared), condition.tolerated)


def _condition(ref: AttributeRef, term: Comparison, profile: Profile) -> Bound:
    """Return the comparison with the folded literal, or the condition that a comparison with null means.

    RFC 7644 section 3.4.2.2 compares the values of `emails` by `emails co "example.com"`. To compare a single
    complex attribute in this way, such as `manager`, is a tolerance.
    """
    if term.value is None:
        return Bound(_comparison_with_null(ref, term))
    compared = compared_ref(ref)
    tolerances = NO_TOLERANCE if compared is ref or ref.attribute.multi_valued else _COMPLEX
    if compared is None or not tolerances <= profile.tolerances:
        raise InvalidFilter(
            f"'{term.path}' is complex and cannot be compared; name one of its sub-attributes: "
            + ", ".join(sub.name for sub in ref.leaf.sub_attributes)
        )
    refuse_secret(compared, term.path)
    refuse_operator(compared.leaf, term)
    operand = operand_of(compared.leaf, term, profile)
    return Bound(Compared(compared, term.operator, operand.folded), operand.tolerated | tolerances)


def _any_differs(compared: Compared) -> Tree:
    """Return the `ne` of several values: one differs, or there is none. `""` is a value here, unlike for `pr`."""
    return any_of((compared, negated(Compared(compared.ref, Operator.EQ, compared.operand))))


def _single(compared: Compared) -> Tree:
    """Return the comparison of a single-valued attribute, for which `ne` is the negation of `eq`."""
    if compared.operator is not Operator.NE:
        return compared
    return negated(Compared(compared.ref, Operator.EQ, compared.operand))


def _has_several(ref: AttributeRef) -> bool:
    return ref.attribute.multi_valued or (ref.sub is not None and ref.sub.multi_valued)


def _is_primary(ref: AttributeRef) -> bool:
    """Return whether `ref` is the `primary` of a multi-valued attribute."""
    sub = ref.sub
    is_switch = sub is not None and sub.name == "primary" and sub.type is AttributeType.BOOLEAN
    return is_switch and ref.attribute.multi_valued


def _primary(compared: Compared) -> Tree:
    """Return a comparison of one value's `primary`, where no value means false (RFC 7643 section 2.4)."""
    ref, true = compared.ref, folded(compared.ref.leaf, True)  # noqa: FBT003 - it is the value
    is_primary = Compared(ref, Operator.EQ, true)
    wants_true = (compared.operand == true) == (compared.operator is Operator.EQ)
    return is_primary if wants_true else negated(is_primary)


def _comparison_with_null(ref: AttributeRef, term: Comparison) -> Tree:
    match term.operator:
        case Operator.EQ:
            return negated(Assigned(ref))
        case Operator.NE:
            return Assigned(ref)
        case _:
            raise InvalidFilter(f"'{term.path}' can be compared with null by eq and ne only")


def _tolerated_by(terms: Sequence[Bound]) -> frozenset[Tolerance]:
    return NO_TOLERANCE.union(*(term.tolerated for term in terms))
