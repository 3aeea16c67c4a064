"""Bound filters: names resolved to attributes, literals folded, and what they ask about relations.

`ne` of a single value is the negation of `eq`, and `eq null` the negation of `pr`: both are bound as such. A tree
that asks about relations is given the store's answers before it is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from scim.filter.parsing.tree import Operator
from scim.immutable import immutable
from scim.profile import Tolerance
from scim.schema.resource_type import AttributeRef


@immutable
class Constant:
    """What is true or false of every resource of the type."""

    holds: bool


@immutable
class Compared:
    """Any value at the place compares so with the operand, which is folded like the values are.

    Inside AnyValue the place's attribute is that of the AnyValue, and only the one value counts.
    """

    ref: AttributeRef
    operator: Operator
    operand: str


@immutable
class Assigned:
    """There is a value at the place that is not empty."""

    ref: AttributeRef


@immutable
class AnyValue:
    """One value at the place fulfils the filter alone."""

    ref: AttributeRef
    filter: Tree


@immutable
class RelationHolds:
    """The resource's relation has an edge to the target; only the store can tell.

    `types` are those the target may be of, all that the relation takes where there are none.
    """

    attribute: str
    target_id: str
    types: tuple[str, ...] = ()


@immutable
class RelationPresent:
    """The resource's relation has more edges than `beyond`, or any to a target of these `types`.

    With types, only the store can tell.
    """

    attribute: str
    beyond: int = 0
    types: tuple[str, ...] = ()


@immutable
class BackLinkHolds:
    """The source's relation has an edge to the resource, or to what the resource lies below.

    A direct one is about the resource's own edges only.
    """

    ref: AttributeRef
    source_id: str
    is_direct: bool = False

    @property
    def attribute(self) -> str:
        return str(self.ref)


@immutable
class BackLinkOnly:
    """The source is the only one the resource lies below."""

    ref: AttributeRef
    source_id: str

    @property
    def attribute(self) -> str:
        return str(self.ref)


@immutable
class IdIn:
    """The resource's id is one of these: what an asked RelationHolds becomes."""

    ids: frozenset[str]


@immutable
class AllOf:
    terms: tuple[Tree, ...]


@immutable
class AnyOf:
    terms: tuple[Tree, ...]


@immutable
class Negated:
    term: Tree


Tree = (
    Constant
    | Compared
    | Assigned
    | AnyValue
    | RelationHolds
    | RelationPresent
    | BackLinkHolds
    | BackLinkOnly
    | IdIn
    | AllOf
    | AnyOf
    | Negated
)

ALWAYS = Constant(holds=True)
NEVER = Constant(holds=False)


@immutable
class Bound:
    """A bound filter, and the tolerances that were needed to bind it."""

    tree: Tree
    tolerated: frozenset[Tolerance] = frozenset()


def all_of(terms: Iterable[Tree]) -> Tree:
    """Return the conjunction: flat, and decided where a constant decides it."""
    flat: list[Tree] = []
    for term in terms:
        match term:
            case Constant(holds=False):
                return NEVER
            case Constant():
                pass
            case AllOf():
                flat.extend(term.terms)
            case _:
                flat.append(term)
    return _joined(tuple(flat), AllOf, ALWAYS)


def any_of(terms: Iterable[Tree]) -> Tree:
    """Return the disjunction: flat, and decided where a constant decides it."""
    flat: list[Tree] = []
    for term in terms:
        match term:
            case Constant(holds=True):
                return ALWAYS
            case Constant():
                pass
            case AnyOf():
                flat.extend(term.terms)
            case _:
                flat.append(term)
    return _joined(tuple(flat), AnyOf, NEVER)


def negated(term: Tree) -> Tree:
    """Return the negation; two of them cancel out."""
    match term:
        case Constant():
            return NEVER if term.holds else ALWAYS
        case Negated():
            return term.term
        case _:
            return Negated(term)


def _joined(terms: tuple[Tree, ...], kind: type[AllOf | AnyOf], of_none: Constant) -> Tree:
    match terms:
        case ():
            return of_none
        case (only,):
            return only
        case _:
            return kind(terms)


def leaves(tree: Tree) -> Iterator[Tree]:
    """Yield the terms that and, or and not join."""
    match tree:
        case AllOf() | AnyOf():
            for term in tree.terms:
                yield from leaves(term)
        case Negated():
            yield from leaves(tree.term)
        case _:
            yield tree


def with_leaves(tree: Tree, leaf: Callable[[Tree], Tree]) -> Tree:
    """Return the tree with each of its leaves replaced, joined by and, or and not as before."""
    match tree:
        case AllOf():
            return all_of(with_leaves(term, leaf) for term in tree.terms)
        case AnyOf():
            return any_of(with_leaves(term, leaf) for term in tree.terms)
        case Negated():
            return negated(with_leaves(tree.term, leaf))
        case _:
            return leaf(tree)


def comparisons_in_tree(tree: Tree) -> int:
    """Return how many comparisons a filter makes with one resource, whose attributes have one value."""
    return sum(
        comparisons_in_tree(leaf.filter) if isinstance(leaf, AnyValue) else 1
        for leaf in leaves(tree)
    )


def asks_for_types(tree: Tree) -> bool:
    """Tell whether the tree asks for relations with a value of certain types."""
    return any(isinstance(leaf, RelationPresent) and leaf.types for leaf in leaves(tree))


def questions(tree: Tree) -> frozenset[RelationHolds]:
    """Return the relations the tree asks about: for each, which resources have that edge?"""
    return frozenset(leaf for leaf in leaves(tree) if isinstance(leaf, RelationHolds))


def resolved(tree: Tree, answers: Mapping[RelationHolds, frozenset[str]]) -> Tree:
    """Return the tree with each question replaced by the ids that answer it.

    A question without an answer stays: it can still be planned, but not evaluated.
    """

    def answered(leaf: Tree) -> Tree:
        match leaf:
            case RelationHolds() if leaf in answers:
                return IdIn(answers[leaf])
            case _:
                return leaf

    return with_leaves(tree, answered)
