"""Predicates: compiles bound filters to closures that test a resource as a mapping.

The mapping is a whole canonical resource: it includes `id`, `meta` and `schemas`, extensions under
their URN, back links as lists of {"value": id}, and relations as their number of edges.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from scim.filter.binding.bound_tree import (
    AllOf,
    AnyOf,
    AnyValue,
    Assigned,
    BackLinkHolds,
    BackLinkOnly,
    Compared,
    Constant,
    IdIn,
    Negated,
    RelationHolds,
    RelationPresent,
    Tree,
)
from scim.filter.binding.value_filter import bound_element
from scim.filter.parsing.tree import Filter, Operator
from scim.profile import Profile
from scim.resource.body import values_at
from scim.resource.fold import folded, folded_part
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import Attribute, AttributeType

Test = Callable[[object], bool]

_PARTS = frozenset({Operator.CO, Operator.SW, Operator.EW})

# Folded numbers and times sort as text, so one set of comparisons serves all types.
_COMPARISONS: dict[Operator, Callable[[str, str], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.CO: operator.contains,
    Operator.SW: str.startswith,
    Operator.EW: str.endswith,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
}


def matcher_of(attribute: Attribute, comparison_operator: Operator, operand: str) -> Test:
    """Return a test that is true if a value of the attribute satisfies the comparison with the operand.

    White space around a value is optional, also for co, sw and ew: an operand may include it or not.
    """
    compare = _COMPARISONS[comparison_operator]

    def holds(value: object) -> bool:
        try:
            text = folded(attribute, value)
        except ValueError:  # stored when the schema gave the attribute another type
            return False
        return compare(text, operand)

    is_trimmed = attribute.type is AttributeType.STRING and not attribute.case_exact
    if not is_trimmed or comparison_operator not in _PARTS or operand == operand.strip():
        return holds

    def holds_with_ends(value: object) -> bool:
        if not isinstance(value, str):
            return False
        text = folded_part(attribute, value)
        return any(compare(form, operand) for form in (text, text.lstrip(), text.rstrip()))

    return holds_with_ends


Values = Callable[[object], Sequence[object]]
"""Returns the values of an attribute in a resource or, inside brackets, in one value."""


def predicate(tree: Tree) -> Callable[[Mapping[str, object]], bool]:
    """Return a predicate that is true for a resource that matches.

    Questions about relations must be resolved before, because a resource does not contain its edges.
    Raises ValueError otherwise.
    """
    return _test(tree, _values_in_resource)


def element_predicate(
    attribute: Attribute, filter_: Filter, profile: Profile
) -> Callable[[object], bool]:
    """Return a predicate that is true for a value of the attribute that matches a value filter.

    A value is a mapping for a complex attribute, and the plain value for a simple one.
    """
    return _test(bound_element(attribute, filter_, profile).tree, _values_in_element)


def _test(tree: Tree, values_at: Callable[[AttributeRef], Values]) -> Test:
    match tree:
        case AllOf():
            return _all([_test(term, values_at) for term in tree.terms])
        case AnyOf():
            return any_test([_test(term, values_at) for term in tree.terms])
        case Negated():
            inner_test = _test(tree.term, values_at)
            return lambda subject: not inner_test(subject)
        case Compared():
            compare = matcher_of(tree.ref.leaf, tree.operator, tree.operand)
            return _some(values_at(tree.ref), compare)
        case Assigned(ref):
            return _some(values_at(ref), is_filled)
        case AnyValue(ref, inner):
            return _some(values_at(ref), _test(inner, _values_in_element))
        case _:
            return _link_test(tree)


def _link_test(
    tree: Constant | IdIn | BackLinkHolds | BackLinkOnly | RelationHolds | RelationPresent,
) -> Test:
    match tree:
        case Constant(holds):
            return lambda _: holds
        case IdIn(ids):
            return lambda resource: _part(resource, "id") in ids
        case BackLinkHolds(ref, source_id):
            return _some(_values_in_resource(ref), _has_value(source_id))
        case BackLinkOnly(ref, source_id):
            values, is_source = _values_in_resource(ref), _has_value(source_id)
            return lambda resource: [is_source(value) for value in values(resource)] == [True]
        case RelationPresent(attribute, beyond, ()):
            return lambda resource: _number(_part(resource, attribute)) > beyond
        case RelationPresent(attribute):
            raise ValueError(f"which values {attribute} has is not resolved")
        case RelationHolds(attribute):
            raise ValueError(f"the relation {attribute} has not been resolved")


def is_filled(value: object) -> bool:
    """Return whether a value counts as assigned (RFC 7644 table 3, `pr`); False and 0 do."""
    match value:
        case None | "":
            return False
        case Mapping():
            return any(is_filled(part) for part in value.values())
        case list() | tuple():
            return any(is_filled(part) for part in value)
        case _:
            return True


def _all(tests: Sequence[Test]) -> Test:
    return lambda subject: all(test(subject) for test in tests)


def any_test(tests: Sequence[Test]) -> Test:
    """Return a test that is true if one of the tests is."""
    return lambda subject: any(test(subject) for test in tests)


def _some(values: Values, test: Test) -> Test:
    return lambda subject: any(map(test, values(subject)))


def _has_value(text: str) -> Test:
    return lambda value: _part(value, "value") == text


def _values_in_resource(ref: AttributeRef) -> Values:
    return lambda resource: values_at(resource, ref) if isinstance(resource, Mapping) else ()


def _values_in_element(ref: AttributeRef) -> Values:
    if ref.sub is None:
        return lambda element: (element,)
    sub = ref.sub.name
    return lambda element: _several(_part(element, sub))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None


def _several(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
